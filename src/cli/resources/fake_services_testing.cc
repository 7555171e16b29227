#include "cli/resources/fake_services_testing.h"

#include <fmt/format.h>

#include "auth/uri.h"
#include "cli/client/answer.h"
#include "cli/resources/code_archive.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/shape.h"
#include "json/base64.h"

namespace millrace::cli::resources {
namespace {

constexpr std::string_view kFunctions = "/2015-03-31/functions";
constexpr std::string_view kMappings = "/2015-03-31/event-source-mappings";
constexpr std::string_view kTagsPath = "/2017-03-31/tags/";
constexpr std::string_view kConcurrency = "/2017-10-31/functions";

Node input_of(const std::string& body) {
  const auto document = json::Document::parse(body.empty() ? "{}" : body);
  return document.ok() ? node_of(root_of(*document)) : Node::map();
}

std::string parameter(const std::string& query, const std::string& name) {
  size_t begin = query.find(name + "=");
  if (begin == std::string::npos) return {};
  begin += name.size() + 1;
  return auth::uri_decode(query.substr(begin, query.find('&', begin) - begin));
}

}  // namespace

void overlay(Node& node, const Node& changes) {
  for (const NodeMember& member : changes.members) node.set(member.name, member.value);
}

FakeServices::FakeServices() {
  server_ = *http::Server::listen({.port = 0, .threads = 1}, *this);
  server_->start();
}

FakeServices::~FakeServices() {
  server_->stop(std::chrono::milliseconds(0));
}

Connection FakeServices::connection() const {
  const ServiceUrl url{"127.0.0.1", server_->port(),
                       "127.0.0.1:" + std::to_string(server_->port())};
  return {.dynamodb = url,
          .streams = url,
          .lambda = url,
          .logs = url,
          .cloudtrail = url,
          .iam = url,
          .credentials = {"a", "b", ""},
          .region = "r"};
}

bool FakeServices::has(const std::string& kind, const std::string& name) {
  const std::scoped_lock lock(mutex_);
  return kept_.contains({kind, name});
}

Node FakeServices::get(const std::string& kind, const std::string& name) {
  const std::scoped_lock lock(mutex_);
  return kept_[{kind, name}];
}

std::vector<Node> FakeServices::all(const std::string& kind) {
  const std::scoped_lock lock(mutex_);
  std::vector<Node> nodes;
  for (const auto& [key, node] : kept_) {
    if (key.first == kind) nodes.push_back(node);
  }
  return nodes;
}

void FakeServices::put(const std::string& kind, const std::string& name, Node node) {
  const std::scoped_lock lock(mutex_);
  kept_[{kind, name}] = std::move(node);
}

Node FakeServices::tags(const std::string& arn) {
  const std::scoped_lock lock(mutex_);
  const auto found = tags_.find(arn);
  return found == tags_.end() ? Node::map() : found->second;
}

std::vector<std::string> FakeServices::take_changes() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(changes_, {});
}

Node FakeServices::body_of(const std::string& call) {
  const std::scoped_lock lock(mutex_);
  return bodies_[call];
}

void FakeServices::forget_iam() {
  const std::scoped_lock lock(mutex_);
  has_iam_ = false;
}

void FakeServices::add_log_event(const std::string& group, int64_t milliseconds,
                                 const std::string& id, const std::string& message) {
  const std::scoped_lock lock(mutex_);
  events_[group].push_back({milliseconds, id, message});
}

void FakeServices::handle(http::Request request, http::Respond respond) {
  const std::scoped_lock lock(mutex_);
  if (request.header("Content-Type") == "application/x-www-form-urlencoded" && has_iam_) {
    FakeIamAnswer given = iam_.answer(request.body, changes_);
    return respond({.status = given.status, .headers = {}, .body = std::move(given.xml)});
  }
  const Answer given = answer(request);
  http::Response response{.status = given.status, .headers = {}, .body = to_json(given.body)};
  if (!given.error.empty()) response.headers.push_back({"x-amzn-ErrorType", given.error});
  respond(std::move(response));
}

http::Response FakeServices::refuse(int status, std::string_view reason) {
  return {.status = status, .headers = {}, .body = std::string(reason)};
}

FakeServices::Answer FakeServices::answer(const http::Request& request) {
  const std::string target(request.header("X-Amz-Target"));
  if (request.target == "/" && target.empty()) return {400, Node::map(), "MissingAction"};
  if (target.find(".CloudTrail_") != std::string::npos) {
    return answer_trail(target.substr(target.rfind('.') + 1), input_of(request.body));
  }
  if (target.empty()) return answer_rest(request);
  return answer_json(target.substr(target.find('.') + 1), input_of(request.body));
}

void FakeServices::changed(const std::string& call, const std::string& name, const Node& input) {
  changes_.push_back(name.empty() ? call : call + " " + name);
  bodies_[call] = input;
}

FakeServices::Answer FakeServices::find(const std::string& kind, const std::string& name) {
  const auto found = kept_.find({kind, name});
  if (found != kept_.end()) return {200, found->second};
  Node body = Node::map();
  body.set("Message", Node::of_text(fmt::format("{} not found: arn:aws:lambda:r:123456789012:{}:{}",
                                                kind, kind, name)));
  return {kind == "table" || kind == "group" ? 400 : 404, body, "ResourceNotFoundException"};
}

FakeServices::Answer FakeServices::answer_json(const std::string& operation, const Node& input) {
  if (input.find("TableName") != nullptr) return answer_table(operation, input);
  if (operation.ends_with("ResourcePolicy")) return answer_policy(operation, input);
  if (input.find("ResourceArn") != nullptr) {
    Node& tags = tags_[input.text_of("ResourceArn")];
    if (!tags.is_map()) tags = Node::map();
    if (operation == "TagResource") {
      changed(operation, "", input);
      overlay(tags, *tags_as_map(*input.find("Tags"), ""));
    } else if (operation == "UntagResource") {
      changed(operation, "", input);
      for (const Node& key : input.find("TagKeys")->items) tags.erase(key.text);
    }
    Node body = Node::map();
    body.set("Tags", tags_as_list(tags));
    return {200, body};
  }
  if (operation == "ReplayEventSourceMapping") {
    changed(operation, input.text_of("UUID"), input);
    return {};
  }
  if (operation == "DescribeTriggerStatistics") return find("statistics", input.text_of("UUID"));
  return answer_logs(operation, input);
}

FakeServices::Answer FakeServices::answer_table(const std::string& operation, const Node& input) {
  const std::string name = input.text_of("TableName");
  if (operation == "CreateTable") {
    changed(operation, name, input);
    Node table = input;
    table.set("TableArn", Node::of_text("arn:aws:dynamodb:r:123456789012:table/" + name));
    table.set("TableStatus", Node::of_text("ACTIVE"));
    if (const Node* policy = input.find("ResourcePolicy")) {
      kept_[{"policy", table.text_of("TableArn")}] = *policy;
    }
    Node billing = Node::map();
    billing.set("BillingMode", Node::of_text(input.text_of("BillingMode")));
    table.set("BillingModeSummary", billing);
    if (const Node* tags = input.find("Tags")) {
      tags_[table.text_of("TableArn")] = *tags_as_map(*tags, "");
    }
    kept_[{"table", name}] = table;
    Node updated = Node::map();
    if (const Node* stream = input.find("StreamSpecification")) {
      Node update = Node::map();
      update.set("TableName", Node::of_text(name));
      update.set("StreamSpecification", *stream);
      changes_.pop_back();
      update_table(update);
      changes_.back() = "CreateTable " + name;
    }
    return {};
  }
  if (operation == "UpdateTable") return update_table(input);
  Node body = Node::map();
  if (operation == "DescribeTable") {
    Answer found = find("table", name);
    if (!found.error.empty()) return found;
    for (const char* list : {"GlobalSecondaryIndexes"}) {
      if (Node* indexes = found.body.find(list)) {
        for (Node& index : indexes->items) index.set("IndexStatus", Node::of_text("ACTIVE"));
      }
    }
    body.set("Table", found.body);
    return {200, body};
  }
  if (operation == "UpdateTimeToLive") {
    changed(operation, name, input);
    const Node& specification = *input.find("TimeToLiveSpecification");
    Node expiry = Node::map();
    expiry.set("AttributeName", *specification.find("AttributeName"));
    expiry.set("TimeToLiveStatus",
               Node::of_text(specification.find("Enabled")->is_true() ? "ENABLED" : "DISABLED"));
    kept_[{"expiry", name}] = expiry;
    return {};
  }
  const auto expiry = kept_.find({"expiry", name});
  body.set("TimeToLiveDescription", expiry == kept_.end() ? Node::map() : expiry->second);
  return {200, body};
}

FakeServices::Answer FakeServices::update_table(const Node& input) {
  const std::string name = input.text_of("TableName");
  changed("UpdateTable", name, input);
  Node& table = kept_[{"table", name}];
  for (const char* member : {"ProvisionedThroughput", "DeletionProtectionEnabled"}) {
    if (const Node* value = input.find(member)) table.set(member, *value);
  }
  if (const Node* mode = input.find("BillingMode")) {
    Node billing = Node::map();
    billing.set("BillingMode", *mode);
    table.set("BillingModeSummary", billing);
  }
  if (const Node* stream = input.find("StreamSpecification")) {
    table.set("StreamSpecification", *stream);
    if (stream->find("StreamEnabled")->is_true()) {
      table.set("LatestStreamArn",
                Node::of_text(fmt::format("{}/stream/{}", table.text_of("TableArn"), ++streams_)));
    }
  }
  const Node* updates = input.find("GlobalSecondaryIndexUpdates");
  if (updates == nullptr) return {};
  Node indexes = table.find("GlobalSecondaryIndexes") == nullptr
                     ? Node::list()
                     : *table.find("GlobalSecondaryIndexes");
  for (const Node& update : updates->items) {
    const auto& [action, index] = update.members.front();
    const std::string index_name = index.text_of("IndexName");
    if (action == "Create") indexes.items.push_back(index);
    if (action == "Delete") {
      std::erase_if(indexes.items,
                    [&](const Node& one) { return one.text_of("IndexName") == index_name; });
    }
  }
  table.set("GlobalSecondaryIndexes", indexes);
  return {};
}

FakeServices::Answer FakeServices::answer_policy(const std::string& operation, const Node& input) {
  const std::string arn = input.text_of("ResourceArn");
  if (operation == "GetResourcePolicy") {
    const auto found = kept_.find({"policy", arn});
    if (found == kept_.end()) return {400, Node::map(), "PolicyNotFoundException"};
    Node body = Node::map();
    body.set("Policy", found->second);
    return {200, body};
  }
  changed(operation, arn.substr(arn.find(":table/") + 7), input);
  if (operation == "PutResourcePolicy") {
    kept_[{"policy", arn}] = *input.find("Policy");
  } else {
    kept_.erase({"policy", arn});
  }
  return {};
}

FakeServices::Answer FakeServices::answer_rest(const http::Request& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const Node input = input_of(request.body);
  if (path.starts_with(kTagsPath)) {
    return answer_tags(request, auth::uri_decode(path.substr(kTagsPath.size())), input);
  }
  if (path.starts_with(kMappings)) {
    if (request.method != "GET" || path.size() > kMappings.size()) {
      return answer_mapping(request.method,
                            path.size() > kMappings.size() ? path.substr(kMappings.size() + 1) : "",
                            input);
    }
    const std::string function = parameter(request.target, "FunctionName");
    Node list = Node::list();
    for (const auto& [key, mapping] : kept_) {
      const std::string arn = mapping.text_of("FunctionArn");
      if (key.first != "mapping") continue;
      if (function.empty() || arn == function || function_of_arn(arn) == function) {
        list.items.push_back(mapping);
      }
    }
    Node body = Node::map();
    body.set("EventSourceMappings", list);
    return {200, body};
  }
  const std::string_view prefix = path.starts_with(kConcurrency) ? kConcurrency : kFunctions;
  const std::string tail = path.size() > prefix.size() ? path.substr(prefix.size() + 1) : "";
  const size_t slash = tail.find('/');
  if (tail.empty() && request.method == "GET") {
    Node functions = Node::list();
    for (const auto& [key, function] : kept_) {
      if (key.first == "function") functions.items.push_back(*function.find("Configuration"));
    }
    Node body = Node::map();
    body.set("Functions", functions);
    return {200, body};
  }
  return answer_function(request.method, auth::uri_decode(tail.substr(0, slash)),
                         slash == std::string::npos ? "" : tail.substr(slash), input);
}

FakeServices::Answer FakeServices::answer_function(const std::string& method,
                                                   const std::string& name, const std::string& rest,
                                                   const Node& input) {
  if (method == "POST" && rest.empty()) {
    const std::string made = input.text_of("FunctionName");
    changed("CreateFunction", made, input);
    Node configuration = input;
    const auto zip = json::base64_decode(input.find("Code")->text_of("ZipFile"));
    configuration.set("CodeSha256", Node::of_text(code_sha256(*zip)));
    configuration.set("FunctionArn",
                      Node::of_text("arn:aws:lambda:r:123456789012:function:" + made));
    configuration.set("State", Node::of_text("Active"));
    Node function = Node::map();
    function.set("Configuration", configuration);
    if (const Node* tags = input.find("Tags")) function.set("Tags", *tags);
    kept_[{"function", made}] = function;
    return {201, configuration};
  }
  if (rest.starts_with("/policy")) {
    const std::string_view id = std::string_view(rest).substr(std::string_view("/policy").size());
    return answer_permission(method, function_of_arn(name),
                             auth::uri_decode(id.empty() ? id : id.substr(1)), input);
  }
  Answer found = find("function", function_of_arn(name));
  if (!found.error.empty() || (method == "GET" && rest.empty())) return found;
  Node& function = kept_[{"function", function_of_arn(name)}];
  if (rest == "/code") {
    changed("UpdateFunctionCode", name, input);
    const auto zip = json::base64_decode(input.text_of("ZipFile"));
    function.find("Configuration")->set("CodeSha256", Node::of_text(code_sha256(*zip)));
  } else if (rest == "/configuration") {
    changed("UpdateFunctionConfiguration", name, input);
    overlay(*function.find("Configuration"), input);
  } else if (rest == "/concurrency") {
    changed(method == "PUT" ? "PutFunctionConcurrency" : "DeleteFunctionConcurrency", name, input);
    function.set("Concurrency", input);
  } else if (method == "DELETE") {
    changed("DeleteFunction", name, input);
    kept_.erase({"function", name});
  }
  return {};
}

FakeServices::Answer FakeServices::answer_mapping(const std::string& method,
                                                  const std::string& uuid, const Node& input) {
  auto set_state = [](Node& mapping) {
    const Node* enabled = mapping.find("Enabled");
    const bool is_on = enabled == nullptr || enabled->is_true();
    mapping.set("State", Node::of_text(is_on ? "Enabled" : "Disabled"));
  };
  if (method == "POST") {
    const std::string made = fmt::format("uuid-{}", ++mappings_);
    changed("CreateEventSourceMapping", "", input);
    Node mapping = input;
    mapping.set("UUID", Node::of_text(made));
    mapping.set("FunctionArn", Node::of_text("arn:aws:lambda:r:123456789012:function:" +
                                             function_of_arn(input.text_of("FunctionName"))));
    set_state(mapping);
    if (const Node* tags = input.find("Tags")) tags_[mapping_arn(mapping)] = *tags;
    kept_[{"mapping", made}] = mapping;
    return {202, mapping};
  }
  Answer found = find("mapping", uuid);
  if (!found.error.empty() || method == "GET") return found;
  if (method == "DELETE") {
    changed("DeleteEventSourceMapping", uuid, input);
    kept_.erase({"mapping", uuid});
    return found;
  }
  changed("UpdateEventSourceMapping", uuid, input);
  overlay(kept_[{"mapping", uuid}], input);
  set_state(kept_[{"mapping", uuid}]);
  return {202, kept_[{"mapping", uuid}]};
}

FakeServices::Answer FakeServices::answer_tags(const http::Request& request, const std::string& arn,
                                               const Node& input) {
  Node& tags = tags_[arn];
  if (!tags.is_map()) tags = Node::map();
  Node body = Node::map();
  if (request.method == "GET") {
    body.set("Tags", tags);
    return {200, body};
  }
  if (request.method == "POST") {
    changed("TagResource", "", input);
    overlay(tags, *input.find("Tags"));
  } else {
    changed("UntagResource", "", input);
    tags.erase(parameter(request.target, "tagKeys"));
  }
  return {204, body};
}

}  // namespace millrace::cli::resources
