#include <algorithm>

#include "audit/item_parameters.h"
#include "audit/request_description.h"
#include "audit/statement_redaction.h"

namespace millrace::audit {
namespace {

// No request may name more tables, nor name tables much more often.
constexpr size_t kResourcesMax = 100;
constexpr size_t kNamesMax = 1000;
constexpr size_t kNameBytesMax = 1024;

// Names come unchecked; those that no ARN could hold name nothing.
bool may_be_named(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7F; });
}

class ResourceList {
 public:
  explicit ResourceList(const catalog::Site& site) : site_(site) {}

  void add(std::string_view type, std::string arn) {
    Resource resource{std::string(type), std::move(arn)};
    if (resources_.size() == kResourcesMax || std::ranges::count(resources_, resource) > 0) return;
    resources_.push_back(std::move(resource));
  }

  // By name or ARN.
  void add_table(std::string_view name) {
    if (name == last_table_ || ++names_ > kNamesMax || !may_be_named(name)) return;
    last_table_ = name;
    if (!name.starts_with("arn:")) {
      add("AWS::DynamoDB::Table", catalog::table_arn(site_, name));
    } else if (catalog::parse_table_arn(name)) {
      add("AWS::DynamoDB::Table", std::string(name));
    }
  }
  // And its table: whoever selects tables has the reads of their streams, too (User Guide, "Logging
  // data events").
  void add_stream(std::string_view arn) {
    if (!may_be_named(arn) || !catalog::parse_stream_arn(arn)) return;
    add("AWS::DynamoDB::Stream", std::string(arn));
    add_table(arn.substr(0, arn.find("/stream/")));
  }
  // What this server would call something of the service: by name or ARN.
  void add_named(std::string_view type, std::string_view service, std::string_view kind,
                 std::string_view name) {
    if (!may_be_named(name)) return;
    if (name.starts_with("arn:")) return add(type, std::string(name));
    std::string arn = "arn:aws:";
    ((arn += service) += ':') += site_.region;
    ((arn += ':') += site_.account_id) += ':';
    add(type, (arn += kind) += name);
  }

  std::vector<Resource> take() { return std::move(resources_); }

 private:
  const catalog::Site& site_;
  std::string_view last_table_;
  size_t names_ = 0;
  std::vector<Resource> resources_;
};

template <typename Visit>
void each_element(json::Object object, std::string_view member, Visit visit) {
  const auto array = member_array(object, member);
  if (!array) return;
  for (const auto element : *array) visit(element);
}

void add_statement(ResourceList& list, json::Object statement) {
  const auto text = member_text(statement, "Statement");
  if (!text || text->size() > kParametersBytesMax) return;
  list.add_table(StatementTokens(*text).table_name());
}

void add_statements(ResourceList& list, json::Object input, std::string_view member) {
  each_element(input, member, [&](json::Element element) {
    json::Object statement;
    if (element.get(statement) == simdjson::SUCCESS) add_statement(list, statement);
  });
}

// {"Put": {"TableName": …}}
void add_transaction(ResourceList& list, json::Object input) {
  each_element(input, "TransactItems", [&](json::Element element) {
    json::Object item;
    if (element.get(item) != simdjson::SUCCESS) return;
    for (const auto [operation, part] : item) {
      json::Object request;
      if (part.get(request) != simdjson::SUCCESS) continue;
      if (const auto name = member_text(request, "TableName")) list.add_table(*name);
    }
  });
}

void add_members(ResourceList& list, json::Object input) {
  if (const auto name = member_text(input, "TableName")) list.add_table(*name);
  if (const auto arn = member_text(input, "ResourceArn")) {
    if (arn->find("/stream/") != std::string_view::npos) {
      list.add_stream(*arn);
    } else {
      list.add_table(*arn);
    }
  }
  if (const auto arn = member_text(input, "StreamArn")) list.add_stream(*arn);
  // An iterator begins with its stream, whoever signed it (streams/shard_iterator.h).
  if (const auto token = member_text(input, "ShardIterator")) {
    list.add_stream(token->substr(0, token->find('|')));
  }
}

void add_of_dynamodb(ResourceList& list, const RequestKind& kind, json::Object input) {
  switch (kind.form) {
    case RequestForm::kBatchGet:
    case RequestForm::kBatchWrite:
      if (const auto tables = member_object(input, "RequestItems")) {
        for (const auto table : *tables) list.add_table(table.key);
      }
      return;
    case RequestForm::kTransaction:
      return add_transaction(list, input);
    case RequestForm::kStatement:
      return add_statement(list, input);
    case RequestForm::kStatements:
      return add_statements(list, input, "Statements");
    case RequestForm::kTransactionStatements:
      return add_statements(list, input, "TransactStatements");
    case RequestForm::kItem:
    case RequestForm::kWhole:
      return add_members(list, input);
  }
}

void add_trail(ResourceList& list, std::string_view name) {
  const bool store = name.find(":eventdatastore/") != std::string_view::npos;
  list.add_named(store ? "AWS::CloudTrail::EventDataStore" : "AWS::CloudTrail::Trail", "cloudtrail",
                 "trail/", name);
}

void add_of_cloudtrail(ResourceList& list, const RequestKind& kind, json::Object input) {
  const bool of_store = kind.operation.find("EventDataStore") != std::string_view::npos;
  for (const std::string_view member : {"Name", "TrailName", "TrailARN", "ResourceId"}) {
    const auto name = member_text(input, member);
    if (name && !of_store) add_trail(list, *name);
  }
  for (const std::string_view member : {"trailNameList", "ResourceIdList"}) {
    each_element(input, member, [&](json::Element name) {
      if (name.is_string()) add_trail(list, name.get_string().value_unsafe());
    });
  }
  if (const auto store = member_text(input, "EventDataStore")) {
    list.add_named("AWS::CloudTrail::EventDataStore", "cloudtrail", "eventdatastore/", *store);
  }
}

// `name`, `account:function:name` and the ARN, each perhaps with `:qualifier`.
std::string_view plain_function_name(std::string_view name) {
  const size_t function = name.find("function:");
  if (function != std::string_view::npos) name.remove_prefix(function + 9);
  return name.substr(0, name.find(':'));
}

void add_of_lambda(ResourceList& list, json::Object input) {
  for (const std::string_view member : {"FunctionName", "Resource"}) {
    const auto name = member_text(input, member);
    const bool other = name && name->starts_with("arn:") && name->find(":function:") == name->npos;
    if (!name || other) continue;
    list.add_named("AWS::Lambda::Function", "lambda", "function:", plain_function_name(*name));
  }
}

void add_of_logs(ResourceList& list, json::Object input) {
  for (const std::string_view member : {"logGroupName", "resourceArn"}) {
    if (const auto name = member_text(input, member)) {
      list.add_named("AWS::Logs::LogGroup", "logs", "log-group:", *name);
    }
  }
}

}  // namespace

std::vector<Resource> resources_of(const RequestKind& kind, const catalog::Catalog& catalog,
                                   const std::optional<json::Object>& input) {
  if (!input) return {};
  ResourceList list(catalog.site());
  if (kind.event_source == "dynamodb.amazonaws.com") {
    add_of_dynamodb(list, kind, *input);
  } else if (kind.event_source == "cloudtrail.amazonaws.com") {
    add_of_cloudtrail(list, kind, *input);
    if (const auto table = member_text(*input, "TableName")) list.add_table(*table);
  } else if (kind.model == "lambda") {
    add_of_lambda(list, *input);
  } else if (kind.operation == "AssumeRole") {
    if (const auto role = member_text(*input, "RoleArn"); role && may_be_named(*role)) {
      list.add("AWS::IAM::Role", std::string(*role));
    }
  } else if (kind.model == "logs") {
    add_of_logs(list, *input);
  }
  return list.take();
}

}  // namespace millrace::audit
