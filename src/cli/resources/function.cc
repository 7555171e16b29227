#include "cli/resources/function.h"

#include <fmt/format.h>

#include "cli/client/answer.h"
#include "cli/resources/await.h"
#include "cli/resources/code_archive.h"
#include "cli/resources/handler.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/shape.h"
#include "json/base64.h"

namespace millrace::cli::resources {

namespace {

constexpr int64_t kDefaultTimeoutSeconds = 3;
constexpr int64_t kDefaultMemoryMebibytes = 128;
constexpr int64_t kDefaultStorageMebibytes = 512;

constexpr Property kEnvironmentProperties[] = {{"Variables", &kTextMap}};
constexpr Shape kEnvironment = structure(kEnvironmentProperties);
constexpr Property kStorageProperties[] = {{"Size", &kInteger, Need::kRequired}};
constexpr Shape kStorage = structure(kStorageProperties);
constexpr Property kLoggingProperties[] = {{"LogGroup", &kText},
                                           {"LogFormat", &kText},
                                           {"ApplicationLogLevel", nullptr},
                                           {"SystemLogLevel", nullptr}};
constexpr Shape kLogging = structure(kLoggingProperties);
constexpr Property kFunctionProperties[] = {
    {"Architectures", &kTexts},
    {"Code", &kDocument, Need::kRequired},
    {"CodeSigningConfigArn", nullptr},
    {"DeadLetterConfig", nullptr},
    {"Description", &kText},
    {"Environment", &kEnvironment},
    {"EphemeralStorage", &kStorage},
    {"FileSystemConfigs", nullptr},
    {"FunctionName", &kText},
    {"Handler", &kText},
    {"ImageConfig", nullptr},
    {"KmsKeyArn", nullptr},
    {"Layers", nullptr},
    {"LoggingConfig", &kLogging},
    {"MemorySize", &kInteger},
    {"PackageType", &kText},
    {"RecursiveLoop", nullptr},
    {"ReservedConcurrentExecutions", &kInteger},
    {"Role", &kText},
    {"Runtime", &kText},
    {"RuntimeManagementConfig", nullptr},
    {"SnapStart", nullptr},
    {"Tags", &kTags},
    {"Timeout", &kInteger},
    {"TracingConfig", nullptr},
    {"VpcConfig", nullptr},
};
constexpr Shape kFunction = structure(kFunctionProperties);

// Of the text in Code.ZipFile, named as CloudFormation does.
Result<std::string> pack_inline(const Node& code, const std::string& runtime,
                                const std::string& path) {
  for (const NodeMember& member : code.members) {
    if (member.name != "ZipFile") {
      return fault(member.value, joined(path, member.name),
                   "code comes from a path (Code: ./directory) or is the text of ZipFile");
    }
  }
  const Node* text = code.find("ZipFile");
  if (text == nullptr || !text->is_scalar()) return fault(code, path, "ZipFile is missing");
  if (!runtime.starts_with("python") && !runtime.starts_with("nodejs")) {
    return fault(code, path, "a text of code needs a Runtime of Python or Node.js");
  }
  const bool is_module = !exported_functions(text->text, ".mjs").empty() &&
                         text->text.find("exports.") == std::string::npos;
  std::string name = "index.js";
  if (is_module) name = "index.mjs";
  if (runtime.starts_with("python")) name = "index.py";
  std::vector<CodeFile> files;
  files.push_back({name, text->text, false});
  return pack_files(std::move(files));
}

Result<std::string> pack(const Node& properties, const Setting& setting, const std::string& path) {
  const Node& code = *properties.find("Code");
  if (code.is_map()) return pack_inline(code, properties.text_of("Runtime"), path);
  if (!code.is_scalar()) return fault(code, path, "takes a path, or ZipFile with a text");
  if (code.text.starts_with("s3://")) {
    return fault(code, path, "code in a bucket is not supported: give a path of this machine");
  }
  auto zip = pack_code(setting.directory / code.text);
  if (!zip.ok()) return fault(code, path, zip.error().message);
  return zip;
}

Status find_runtime(Node& properties, const std::string& zip, const std::string& path) {
  if (properties.find("Runtime") != nullptr && properties.find("Handler") != nullptr) return Done{};
  auto found = [&]() -> Result<Handler> { return find_handler(TRY(top_level_files(zip))); }();
  if (!found.ok()) return fault(properties, path, found.error().message);
  if (properties.find("Runtime") == nullptr) {
    properties.set("Runtime", Node::of_text(found->runtime));
  }
  if (properties.find("Handler") == nullptr) {
    properties.set("Handler", Node::of_text(found->handler));
  }
  return Done{};
}

// Both as the template has it and as the server tells it.
Node normal(const Node& from, const std::string& name) {
  Node node = Node::map();
  auto take = [&](const char* property, const Node& otherwise) {
    const Node* value = from.find(property);
    node.set(property, value == nullptr || value->kind == NodeKind::kNull ? otherwise : *value);
  };
  take("Runtime", Node::of_text(""));
  take("Handler", Node::of_text(""));
  take("Role", Node::of_text(""));
  take("Description", Node::of_text(""));
  take("Timeout", Node::of_integer(kDefaultTimeoutSeconds));
  take("MemorySize", Node::of_integer(kDefaultMemoryMebibytes));
  Node storage = Node::map();
  storage.set("Size", Node::of_integer(kDefaultStorageMebibytes));
  take("EphemeralStorage", storage);
  const Node* logging = from.find("LoggingConfig");
  const std::string group = logging == nullptr ? "" : logging->text_of("LogGroup");
  const std::string format = logging == nullptr ? "" : logging->text_of("LogFormat");
  Node kept = Node::map();
  kept.set("LogFormat", Node::of_text(format.empty() ? "Text" : format));
  kept.set("LogGroup", Node::of_text(group.empty() ? "/aws/lambda/" + name : group));
  node.set("LoggingConfig", std::move(kept));
  const Node* environment = from.find("Environment");
  const Node* variables = environment == nullptr ? nullptr : environment->find("Variables");
  node.set("Environment", variables == nullptr ? Node::map() : *variables);
  return node;
}

void copy_if_there(const Node& from, const char* name, Node& to) {
  if (const Node* value = from.find(name)) to.set(name, *value);
}

Status check_package(const Node& properties, const std::string& path) {
  const Node* type = properties.find("PackageType");
  if (type == nullptr || type->text == "Zip") return Done{};
  return fault(*type, joined(path, "PackageType"), "only Zip is supported");
}

Node environment_of(const Node& wanted) {
  Node environment = Node::map();
  environment.set("Variables", *wanted.find("Environment"));
  return environment;
}

}  // namespace

Result<std::unique_ptr<Resource>> Function::make(const Declaration& declaration,
                                                 const Setting& setting) {
  const std::string& path = declaration.path;
  Node properties = TRY(shaped(declaration.properties, kFunction, path));
  TRY(check_package(properties, path));
  const std::string name = TRY(name_of(declaration, setting, "FunctionName"));
  std::string zip = TRY(pack(properties, setting, joined(path, "Code")));
  TRY(find_runtime(properties, zip, path));
  if (properties.find("Role") == nullptr) {
    properties.set("Role", Node::of_text(fmt::format("arn:aws:iam::{}:role/{}", setting.account_id,
                                                     name.substr(0, 64))));
  }
  Node wanted = normal(properties, name);
  const Node* tags = properties.find("Tags");
  wanted.set("Tags", tags == nullptr ? Node::map() : TRY(tags_as_map(*tags, joined(path, "Tags"))));
  wanted.set("CodeSha256", Node::of_text(code_sha256(zip)));
  for (const char* optional : {"Architectures", "ReservedConcurrentExecutions"}) {
    copy_if_there(properties, optional, wanted);
  }
  std::string arn =
      fmt::format("arn:aws:lambda:{}:{}:function:{}", setting.region, setting.account_id, name);
  return std::unique_ptr<Resource>(
      new Function(name, std::move(zip), std::move(wanted), std::move(arn)));
}

Attributes Function::attributes() const {
  return {{"Ref", Node::of_text(name_)}, {"Arn", Node::of_text(arn_)}};
}

Result<Decision> Function::compare(ServiceClient& client) {
  const auto found = TRY(find_function(client, name_));
  exists_ = found.has_value();
  if (!exists_) return Decision{Action::kCreate, name_, {}, attributes()};
  const Node* configuration = found->find("Configuration");
  if (configuration == nullptr) {
    return Error{ErrorCode::kServiceUnavailableException,
                 "GetFunction: the answer has no Configuration"};
  }
  arn_ = configuration->text_of("FunctionArn");
  Node current = normal(*configuration, name_);
  const Node* tags = found->find("Tags");
  tags_ =
      tags != nullptr && tags->is_map() ? owned_tags(*tags, *wanted_.find("Tags")) : Node::map();
  current.set("Tags", tags_);
  copy_if_there(*configuration, "CodeSha256", current);
  if (wanted_.find("Architectures") != nullptr) {
    copy_if_there(*configuration, "Architectures", current);
  }
  if (const Node* concurrency = found->find("Concurrency")) {
    copy_if_there(*concurrency, "ReservedConcurrentExecutions", current);
  }
  changes_ = differences(current, wanted_);
  for (Difference& change : changes_) {
    if (change.property == "CodeSha256") change.text = "Code: changed";
  }
  const Action action = changes_.empty() ? Action::kKeep : Action::kUpdate;
  return Decision{action, name_, texts_of(changes_), attributes()};
}

Result<Attributes> Function::apply(ServiceClient& client) {
  if (!exists_) {
    TRY(create(client));
  } else {
    // Code and configuration of a function that is being updated cannot be changed.
    TRY(await_ready(client));
    if (differs(changes_, "CodeSha256") || differs(changes_, "Architectures")) {
      TRY(update_code(client));
      TRY(await_ready(client));
    }
    TRY(update_configuration(client));
    TRY(change_tags(client, arn_, tags_, *wanted_.find("Tags")));
  }
  TRY(await_ready(client));
  TRY(set_concurrency(client));
  return attributes();
}

Status Function::create(ServiceClient& client) {
  Node body = wanted_;
  for (const char* name : {"CodeSha256", "ReservedConcurrentExecutions"}) body.erase(name);
  body.set("FunctionName", Node::of_text(name_));
  Node code = Node::map();
  code.set("ZipFile", Node::of_text(json::base64_encode(zip_)));
  body.set("Code", std::move(code));
  body.set("Environment", environment_of(wanted_));
  if (wanted_.find("Tags")->members.empty()) body.erase("Tags");
  const auto answer = TRY(client.call_rest(RestCall{.operation = "CreateFunction",
                                                    .method = "POST",
                                                    .path = "/2015-03-31/functions",
                                                    .body = to_json(body)}));
  arn_ = text_of(root_of(answer), "FunctionArn");
  return Done{};
}

Status Function::update_code(ServiceClient& client) {
  Node body = Node::map();
  body.set("ZipFile", Node::of_text(json::base64_encode(zip_)));
  copy_if_there(wanted_, "Architectures", body);
  TRY(client.call_rest(RestCall{.operation = "UpdateFunctionCode",
                                .method = "PUT",
                                .path = function_path(name_, "/code"),
                                .body = to_json(body)}));
  return Done{};
}

Status Function::update_configuration(ServiceClient& client) {
  Node body = Node::map();
  for (const char* name : {"Runtime", "Handler", "Role", "Description", "Timeout", "MemorySize",
                           "EphemeralStorage", "LoggingConfig"}) {
    if (differs(changes_, name)) copy_if_there(wanted_, name, body);
  }
  if (differs(changes_, "Environment")) body.set("Environment", environment_of(wanted_));
  if (body.members.empty()) return Done{};
  TRY(client.call_rest(RestCall{.operation = "UpdateFunctionConfiguration",
                                .method = "PUT",
                                .path = function_path(name_, "/configuration"),
                                .body = to_json(body)}));
  return Done{};
}

Status Function::set_concurrency(ServiceClient& client) {
  const Node* reserved = wanted_.find("ReservedConcurrentExecutions");
  if (exists_ && !differs(changes_, "ReservedConcurrentExecutions")) return Done{};
  std::string path = function_path(name_, "/concurrency");
  path.replace(0, std::string_view("/2015-03-31").size(), "/2017-10-31");
  RestCall call{.operation = "DeleteFunctionConcurrency", .method = "DELETE", .path = path};
  if (reserved == nullptr && !exists_) return Done{};
  if (reserved != nullptr) {
    Node body = Node::map();
    body.set("ReservedConcurrentExecutions", *reserved);
    call.operation = "PutFunctionConcurrency";
    call.method = "PUT";
    call.body = to_json(body);
  }
  TRY(client.send(call));
  return Done{};
}

Status Function::await_ready(ServiceClient& client) {
  return await("function " + name_ + " to be active", [&]() -> Result<bool> {
    const auto found = TRY(find_function(client, name_));
    const Node* configuration = found ? found->find("Configuration") : nullptr;
    if (configuration == nullptr) return false;
    const std::string state = configuration->text_of("State");
    const std::string update = configuration->text_of("LastUpdateStatus");
    if (state == "Failed" || update == "Failed") {
      return Error{
          ErrorCode::kServiceException,
          fmt::format("function {} failed: {}{}", name_, configuration->text_of("StateReason"),
                      configuration->text_of("LastUpdateStatusReason"))};
    }
    return state != "Pending" && update != "InProgress";
  });
}

}  // namespace millrace::cli::resources
