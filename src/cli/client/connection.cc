#include "cli/client/connection.h"

#include <array>

#include <fmt/format.h>

#include "cli/client/profile.h"

namespace millrace::cli {

namespace {

constexpr std::string_view kDefaultUrl = "http://127.0.0.1:8000";
constexpr std::string_view kDefaultRegion = "us-east-1";

Error unusable(std::string why) {
  return {ErrorCode::kInvalidConfiguration, std::move(why)};
}

struct Service {
  const char* url_variable;
  std::string_view config_name;
};
constexpr Service kDynamodbService = {"AWS_ENDPOINT_URL_DYNAMODB", "dynamodb"};
constexpr Service kStreamsService = {"AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "dynamodb_streams"};
constexpr Service kLambdaService = {"AWS_ENDPOINT_URL_LAMBDA", "lambda"};
constexpr Service kLogsService = {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "cloudwatch_logs"};
constexpr Service kCloudTrailService = {"AWS_ENDPOINT_URL_CLOUDTRAIL", "cloudtrail"};
constexpr Service kIamService = {"AWS_ENDPOINT_URL_IAM", "iam"};

bool ignores_configured_urls(const Profile& profile, const Environment& environment) {
  auto text = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (!text) text = profile.setting("ignore_configured_endpoint_urls");
  return text && (*text == "true" || *text == "True" || *text == "TRUE");
}

std::optional<std::string> configured_url(const Service& service, const Profile& profile,
                                          const Environment& environment) {
  if (ignores_configured_urls(profile, environment)) return std::nullopt;
  if (auto url = first_set(environment, {service.url_variable, "AWS_ENDPOINT_URL"})) return url;
  if (auto found = profile.services.find(service.config_name); found != profile.services.end()) {
    const auto& nested = found->second.nested;
    if (auto url = nested.find("endpoint_url"); url != nested.end()) return url->second;
  }
  return profile.setting("endpoint_url");
}

Error partial(std::string_view source, std::string_view missing) {
  return unusable(fmt::format("Partial credentials found in {}, missing: {}", source, missing));
}

Result<std::optional<auth::SigningCredentials>> credentials_of_environment(
    const Environment& environment) {
  std::optional<auth::SigningCredentials> credentials;
  const auto key_id = environment("AWS_ACCESS_KEY_ID");
  if (!key_id) return credentials;
  const auto secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!secret) return partial("env", "AWS_SECRET_ACCESS_KEY");
  const auto token = first_set(environment, {"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"});
  credentials = {*key_id, *secret, token.value_or("")};
  return credentials;
}

Result<std::optional<auth::SigningCredentials>> credentials_of_section(const IniSection& section,
                                                                       std::string_view source) {
  auto setting = [&](std::string_view name) {
    auto found = section.find(name);
    return found == section.end() ? std::string() : found->second.value;
  };
  std::optional<auth::SigningCredentials> credentials;
  if (setting("aws_access_key_id").empty()) return credentials;
  if (setting("aws_secret_access_key").empty()) return partial(source, "aws_secret_access_key");
  credentials = {setting("aws_access_key_id"), setting("aws_secret_access_key"),
                 setting("aws_session_token")};
  return credentials;
}

// The AWS CLI would get them there; nobody's table is to be read as somebody else.
Status refuse_other_source(const Profile& profile, std::initializer_list<const char*> settings) {
  for (const char* setting : settings) {
    if (!profile.setting(setting)) continue;
    return unusable(fmt::format(
        "The config profile ({}) gets its credentials by {}, which is not supported: set "
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        profile.name, setting));
  }
  return Done{};
}

Result<auth::SigningCredentials> find_credentials(const ConnectionFlags& flags,
                                                  const Profile& profile,
                                                  const Environment& environment) {
  if (!flags.profile) {
    if (auto credentials = TRY(credentials_of_environment(environment))) return *credentials;
  }
  TRY(refuse_other_source(profile, {"role_arn", "sso_session", "sso_account_id"}));
  if (auto found = TRY(credentials_of_section(profile.credentials, "shared-credentials-file"))) {
    return *found;
  }
  TRY(refuse_other_source(profile, {"credential_process", "login_session"}));
  if (auto found = TRY(credentials_of_section(profile.config, "config-file"))) return *found;
  return auth::SigningCredentials{"millrace", "millrace", ""};
}

bool has_tls(const Connection& connection) {
  return connection.dynamodb.tls || connection.streams.tls || connection.lambda.tls ||
         connection.logs.tls || connection.cloudtrail.tls || connection.iam.tls;
}

// Empty: that of the system.
std::string find_ca_bundle(const ConnectionFlags& flags, const Profile& profile,
                           const Environment& environment) {
  if (flags.ca_bundle) return *flags.ca_bundle;
  if (auto file = environment("AWS_CA_BUNDLE")) return *file;
  return profile.setting("ca_bundle").value_or("");
}

}  // namespace

Result<Connection> find_connection(const ConnectionFlags& flags, const Environment& environment) {
  const Profile profile = TRY(find_profile(flags.profile, environment));
  auto dynamodb = flags.endpoint_url;
  auto streams = flags.endpoint_url;
  auto lambda = flags.endpoint_url;
  auto logs = flags.endpoint_url;
  auto cloudtrail = flags.endpoint_url;
  auto iam = flags.endpoint_url;
  if (!flags.endpoint_url) {
    dynamodb = configured_url(kDynamodbService, profile, environment);
    streams = configured_url(kStreamsService, profile, environment);
    if (!dynamodb) dynamodb = streams.value_or(std::string(kDefaultUrl));
    if (!streams) streams = dynamodb;
    lambda = configured_url(kLambdaService, profile, environment).value_or(*dynamodb);
    logs = configured_url(kLogsService, profile, environment).value_or(*dynamodb);
    cloudtrail = configured_url(kCloudTrailService, profile, environment).value_or(*dynamodb);
    iam = configured_url(kIamService, profile, environment).value_or(*dynamodb);
  }
  auto region = flags.region;
  if (!region) region = first_set(environment, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (!region) region = profile.setting("region");
  Connection connection;
  connection.dynamodb = TRY(parse_service_url(*dynamodb));
  connection.streams = TRY(parse_service_url(*streams));
  connection.lambda = TRY(parse_service_url(*lambda));
  connection.logs = TRY(parse_service_url(*logs));
  connection.cloudtrail = TRY(parse_service_url(*cloudtrail));
  connection.iam = TRY(parse_service_url(*iam));
  connection.credentials = TRY(find_credentials(flags, profile, environment));
  connection.region = region.value_or(std::string(kDefaultRegion));
  if (has_tls(connection)) {
    connection.tls = TRY(http::TlsContext::for_client(find_ca_bundle(flags, profile, environment)));
  }
  return connection;
}

}  // namespace millrace::cli
