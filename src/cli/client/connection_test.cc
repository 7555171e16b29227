#include "cli/client/connection.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

#include <gtest/gtest.h>

namespace millrace::cli {
namespace {

class ConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    home_ = std::filesystem::temp_directory_path() /
            ("millrace-connection-test-" + std::to_string(getpid()));
    std::filesystem::create_directories(home_ / ".aws");
    set("HOME", home_.string());
  }
  void TearDown() override { std::filesystem::remove_all(home_); }

  void set(const std::string& name, const std::string& value) { variables_[name] = value; }
  void write(const std::string& path, std::string_view text) {
    std::ofstream(home_ / path) << text;
  }
  Result<Connection> find(const ConnectionFlags& flags = {}) {
    return find_connection(flags, [this](const char* name) -> std::optional<std::string> {
      auto found = variables_.find(name);
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    });
  }
  Connection found(const ConnectionFlags& flags = {}) {
    auto connection = find(flags);
    EXPECT_TRUE(connection.ok()) << connection.error().message;
    return connection.ok() ? *connection : Connection();
  }
  // "DYNAMODB STREAMS", as authorities.
  std::string endpoints(const ConnectionFlags& flags = {}) {
    const Connection connection = found(flags);
    return connection.dynamodb.authority + " " + connection.streams.authority;
  }
  std::string key(const ConnectionFlags& flags = {}) {
    const auth::SigningCredentials credentials = found(flags).credentials;
    return credentials.access_key_id + " " + credentials.secret_access_key + " " +
           credentials.session_token;
  }
  std::string error(const ConnectionFlags& flags = {}) {
    auto connection = find(flags);
    return connection.ok() ? "" : connection.error().message;
  }

  std::filesystem::path home_;
  std::map<std::string, std::string> variables_;
};

constexpr std::string_view kConfig = R"([default]
region = eu-west-1
endpoint_url = http://default:1

[profile local]
region = eu-west-2
endpoint_url = http://profile:2
services = mine
aws_access_key_id = config-key
aws_secret_access_key = config-secret

[profile "plain one"]
endpoint_url = http://plain:5

[services mine]
dynamodb =
  endpoint_url = http://service:3
dynamodb_streams =
  endpoint_url = http://service:4
)";

TEST_F(ConnectionTest, WithNothingSetItIsTheLocalServer) {
  const Connection connection = found();
  EXPECT_EQ(connection.dynamodb, (ServiceUrl{"127.0.0.1", 8000, "127.0.0.1:8000"}));
  EXPECT_EQ(connection.streams, connection.dynamodb);
  EXPECT_EQ(connection.region, "us-east-1");
  EXPECT_FALSE(connection.credentials.access_key_id.empty());
}

TEST_F(ConnectionTest, EachSourceOfAnEndpointGoesBeforeTheNext) {
  write(".aws/config", kConfig);
  EXPECT_EQ(endpoints(), "default:1 default:1");
  set("AWS_PROFILE", "plain one");
  EXPECT_EQ(endpoints(), "plain:5 plain:5");
  set("AWS_PROFILE", "local");
  EXPECT_EQ(endpoints(), "service:3 service:4");
  set("AWS_ENDPOINT_URL", "http://global:6");
  EXPECT_EQ(endpoints(), "global:6 global:6");
  set("AWS_ENDPOINT_URL_DYNAMODB", "http://tables:7");
  EXPECT_EQ(endpoints(), "tables:7 global:6");
  set("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "http://streams:8");
  EXPECT_EQ(endpoints(), "tables:7 streams:8");
  EXPECT_EQ(
      endpoints({.endpoint_url = "http://flag:9", .profile = {}, .region = {}, .ca_bundle = {}}),
      "flag:9 flag:9");
  set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  EXPECT_EQ(endpoints(), "127.0.0.1:8000 127.0.0.1:8000");
}

TEST_F(ConnectionTest, AServiceWithoutAnEndpointIsAtTheOthers) {
  set("AWS_ENDPOINT_URL_DYNAMODB", "http://tables:7");
  EXPECT_EQ(endpoints(), "tables:7 tables:7");
  variables_.erase("AWS_ENDPOINT_URL_DYNAMODB");
  set("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "http://streams:8");
  EXPECT_EQ(endpoints(), "streams:8 streams:8");
}

TEST_F(ConnectionTest, EachSourceOfCredentialsGoesBeforeTheNext) {
  write(".aws/config", kConfig);
  set("AWS_PROFILE", "local");
  EXPECT_EQ(key(), "config-key config-secret ");
  write(".aws/credentials",
        "[local]\naws_access_key_id=file-key\naws_secret_access_key=file-secret\n"
        "aws_session_token=file-token\n");
  EXPECT_EQ(key(), "file-key file-secret file-token");
  set("AWS_ACCESS_KEY_ID", "env-key");
  EXPECT_EQ(error(), "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY");
  set("AWS_SECRET_ACCESS_KEY", "env-secret");
  set("AWS_SESSION_TOKEN", "env-token");
  EXPECT_EQ(key(), "env-key env-secret env-token");
  EXPECT_EQ(key({.endpoint_url = {}, .profile = "local", .region = {}, .ca_bundle = {}}),
            "file-key file-secret file-token");
}

TEST_F(ConnectionTest, EachSourceOfTheRegionGoesBeforeTheNext) {
  write(".aws/config", kConfig);
  EXPECT_EQ(found().region, "eu-west-1");
  set("AWS_DEFAULT_REGION", "b");
  EXPECT_EQ(found().region, "b");
  set("AWS_REGION", "c");
  EXPECT_EQ(found().region, "c");
  EXPECT_EQ(found({.endpoint_url = {}, .profile = {}, .region = "d", .ca_bundle = {}}).region, "d");
}

TEST_F(ConnectionTest, FilesMayBeElsewhere) {
  write("config", "[profile x]\nregion = far\n");
  write("credentials", "[x]\naws_access_key_id = k\naws_secret_access_key = s\n");
  set("AWS_CONFIG_FILE", "~/config");
  set("AWS_SHARED_CREDENTIALS_FILE", (home_ / "credentials").string());
  set("AWS_DEFAULT_PROFILE", "x");
  EXPECT_EQ(found().region, "far");
  EXPECT_EQ(key(), "k s ");
}

TEST_F(ConnectionTest, AMissingProfileIsRefused) {
  EXPECT_EQ(error({.endpoint_url = {}, .profile = "nope", .region = {}, .ca_bundle = {}}),
            "The config profile (nope) could not be found");
  EXPECT_EQ(error({.endpoint_url = {}, .profile = "default", .region = {}, .ca_bundle = {}}),
            "The config profile (default) could not be found");
  set("AWS_PROFILE", "nope");
  EXPECT_EQ(error(), "The config profile (nope) could not be found");
  write(".aws/credentials", "[nope]\n");
  EXPECT_EQ(error(), "");
}

TEST_F(ConnectionTest, WhatCannotBeUsedIsRefused) {
  write(".aws/config", "[profile a]\nservices = none\n[profile b]\nrole_arn = arn\n");
  set("AWS_PROFILE", "a");
  EXPECT_NE(error().find("\"none\" services configuration does not exist"), std::string::npos);
  set("AWS_PROFILE", "b");
  EXPECT_NE(error().find("gets its credentials by role_arn"), std::string::npos);
  write(".aws/config", "[profile b\n");
  EXPECT_EQ(error(),
            "Unable to parse config file: " + (home_ / ".aws/config").string() + ", line 1");
}

TEST(ServiceUrlTest, ReadsHostAndPort) {
  EXPECT_EQ(*parse_service_url("http://db.example:8000/"),
            (ServiceUrl{"db.example", 8000, "db.example:8000"}));
  EXPECT_EQ(*parse_service_url("http://db"), (ServiceUrl{"db", 80, "db"}));
  EXPECT_EQ(*parse_service_url("http://[::1]:8000"), (ServiceUrl{"::1", 8000, "[::1]:8000"}));
  EXPECT_EQ(*parse_service_url("http://[::1]"), (ServiceUrl{"::1", 80, "[::1]"}));
}

TEST(ServiceUrlTest, RefusesTheRest) {
  EXPECT_EQ(*parse_service_url("https://127.0.0.1:8000"),
            (ServiceUrl{"127.0.0.1", 8000, "127.0.0.1:8000", true}));
  EXPECT_EQ(*parse_service_url("https://db"), (ServiceUrl{"db", 443, "db", true}));
  for (const char* url : {"127.0.0.1:8000", "http://", "http://:1", "http://a:0", "http://a:x",
                          "http://a/path", "http://u@a", "http://a:70000", ""}) {
    EXPECT_FALSE(parse_service_url(url).ok()) << url;
  }
}

}  // namespace
}  // namespace millrace::cli
