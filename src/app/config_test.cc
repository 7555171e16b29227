#include "app/config.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "app/server_options.h"

namespace millrace::app {
namespace {

class ConfigFile : public ::testing::Test {
 protected:
  ~ConfigFile() override { std::remove(path_.c_str()); }

  Status read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_config_file(path_, config_);
  }
  std::string error_of(const std::string& text) {
    auto status = read(text);
    if (status.ok()) return "";
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidConfiguration);
    return status.error().message.substr(path_.size() + 2);
  }

  const std::string path_ =
      ::testing::TempDir() + "millrace-config-test-" + std::to_string(getpid());
  Config config_;
};

TEST_F(ConfigFile, EveryOption) {
  const auto status = read(R"(
listen = "[::1]:9000"
data = "/data"
memory = true
durability = "os"
account_id = "123456789012"
region = "eu-west-1"
[log]
level = "warn"
[http]
threads = 3
connections_max = 4
body_mebibytes_total_max = 17
request_timeout_seconds = 5
idle_timeout_seconds = 6
write_timeout_seconds = 7
[streams]
shard_max_age_seconds = 10
retention_seconds = 11
iterator_max_age_seconds = 12
split_size_bytes = 13
split_writes_per_second = 14
[auth]
enforce = true
allow_open_network = true
open_metrics = true
key_file = "/secrets/key"
requests_per_second = 0
burst = 20
[rocksdb]
block_cache_mebibytes = 8
write_buffer_mebibytes = 9
)");
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(config_.http.host, "::1");
  EXPECT_EQ(config_.http.port, 9000);
  EXPECT_EQ(config_.data_directory, "/data");
  EXPECT_TRUE(config_.memory);
  EXPECT_EQ(config_.durability, engine::Durability::kOs);
  EXPECT_EQ(config_.site.account_id, "123456789012");
  EXPECT_EQ(config_.site.region, "eu-west-1");
  EXPECT_EQ(config_.log_level, "warn");
  EXPECT_EQ(config_.http.threads, 3u);
  EXPECT_EQ(config_.http.connections_max, 4u);
  EXPECT_EQ(config_.http.body_bytes_total_max, 17u << 20);
  EXPECT_EQ(config_.http.request_timeout, std::chrono::seconds(5));
  EXPECT_EQ(config_.http.idle_timeout, std::chrono::seconds(6));
  EXPECT_EQ(config_.http.write_timeout, std::chrono::seconds(7));
  EXPECT_EQ(config_.streams.shard_max_age_seconds, 10);
  EXPECT_EQ(config_.streams.retention_seconds, 11);
  EXPECT_EQ(config_.streams.iterator_max_age_seconds, 12);
  EXPECT_EQ(config_.streams.split_size_bytes, 13);
  EXPECT_EQ(config_.streams.split_writes_per_second, 14);
  EXPECT_TRUE(config_.auth.enforce);
  EXPECT_TRUE(config_.auth.allow_open_network);
  EXPECT_TRUE(config_.auth.open_metrics);
  EXPECT_EQ(config_.auth.key_file, "/secrets/key");
  EXPECT_EQ(config_.auth.requests_per_second, 0);
  EXPECT_EQ(config_.auth.burst, 20);
  EXPECT_EQ(config_.block_cache_bytes, 8u << 20);
  EXPECT_EQ(config_.write_buffer_bytes, 9u << 20);
  EXPECT_TRUE(check_config(config_).ok());
}

TEST_F(ConfigFile, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_EQ(error_of("\nlisten_on = \"x\""), "line 2: unknown option 'listen_on'");
  EXPECT_EQ(error_of("[http]\nthread = 1"), "line 2: unknown option 'http.thread'");
  EXPECT_EQ(error_of("listen = 8000"), "line 1: option 'listen': takes a string");
  EXPECT_EQ(error_of("listen = \"8000\""), "line 1: option 'listen': '8000' is not HOST:PORT");
  EXPECT_EQ(error_of("memory = \"yes\""), "line 1: option 'memory': takes true or false");
  EXPECT_EQ(error_of("durability = \"none\""),
            "line 1: option 'durability': 'none' is not one of commit, os");
  EXPECT_EQ(error_of("[http]\nthreads = -1"),
            "line 2: option 'http.threads': takes an integer from 0 to 1024");
  for (const char* bad : {"0", "-1", "3153600001", "1.5", "\"1\"", "true"}) {
    EXPECT_EQ(error_of(std::string("[streams]\nretention_seconds = ") + bad),
              "line 2: option 'streams.retention_seconds': takes an integer from 1 to 3153600000")
        << bad;
  }
  EXPECT_EQ(error_of("[streams]\nretention = 1"), "line 2: unknown option 'streams.retention'");
  EXPECT_NE(error_of("listen ="), "");
  EXPECT_FALSE(read_config_file("/nonexistent", config_).ok());
}

TEST(ServerOptions, AnIntegerInRange) {
  const auto options = server_options();
  const auto found = std::ranges::find(options, "--streams-shard-max-age-seconds", flag_of);
  ASSERT_NE(found, options.end());
  const ServerOption& option = *found;
  Config config;
  EXPECT_TRUE(set_option_from_flag(config, option, "7").ok());
  EXPECT_EQ(config.streams.shard_max_age_seconds, 7);
  for (const char* bad : {"", "0", "-1", "x", "1x", " 1", "1.0", "99999999999999999999"}) {
    auto status = set_option_from_flag(config, option, bad);
    ASSERT_FALSE(status.ok()) << bad;
    EXPECT_EQ(status.error().message, std::string("--streams-shard-max-age-seconds: '") + bad +
                                          "': takes an integer from 1 to 3153600000");
  }
  EXPECT_EQ(config.streams.shard_max_age_seconds, 7);
}

TEST(ServerOptions, AChoiceAmongNames) {
  const auto options = server_options();
  const auto option = std::ranges::find_if(
      options, [](const ServerOption& one) { return flag_of(one) == "--audit-durability"; });
  ASSERT_NE(option, options.end());
  Config config;
  EXPECT_TRUE(set_option_from_flag(config, *option, "commit").ok());
  EXPECT_EQ(config.audit_durability, "commit");
  for (const char* bad : {"", "comm", "async, commit", ","}) {
    auto status = set_option_from_flag(config, *option, bad);
    ASSERT_FALSE(status.ok()) << bad;
    EXPECT_EQ(status.error().message,
              std::string("--audit-durability: '") + bad + "': takes one of async, commit");
  }
  EXPECT_EQ(config.audit_durability, "commit");
}

TEST(ServerOptions, EachHasAFlagAndAFieldOfItsOwn) {
  std::set<std::string> flags;
  std::set<const void*> fields;
  Config config;
  for (const ServerOption& option : server_options()) {
    EXPECT_TRUE(flags.insert(flag_of(option)).second) << flag_of(option);
    const void* field = option.text != nullptr ? static_cast<const void*>(&option.text(config))
                                               : static_cast<const void*>(&option.integer(config));
    EXPECT_TRUE(fields.insert(field).second) << flag_of(option);
  }
  EXPECT_TRUE(flags.contains("--lambda-endpoint"));
}

TEST(Config, ListensOnLoopbackOnlyUnlessAccessIsControlledOrItMay) {
  for (const char* host : {"127.0.0.1", "127.9.8.7", "::1", "localhost"}) {
    Config config;
    config.http.host = host;
    EXPECT_TRUE(check_config(config).ok()) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "example.com", ""}) {
    Config config;
    config.http.host = host;
    const Status open = check_config(config);
    ASSERT_FALSE(open.ok()) << host;
    EXPECT_NE(open.error().message.find("allow_open_network"), std::string::npos);
    config.auth.enforce = true;
    EXPECT_TRUE(check_config(config).ok()) << host;
    config.auth = {};
    config.auth.allow_open_network = true;
    EXPECT_TRUE(check_config(config).ok()) << host;
  }
}

TEST(Config, AddressesAreHostAndPort) {
  Config config;
  for (const char* address : {"", "localhost", ":1", "a:", "a:x", "a:65536", "a:-1", "a:1 "}) {
    EXPECT_FALSE(set_listen(config, address).ok()) << address;
  }
  EXPECT_TRUE(set_listen(config, "localhost:0").ok());
  EXPECT_EQ(config.http.port, 0);
}

TEST(Config, AccountAndRegionGoIntoArns) {
  Config config;
  config.site.account_id = "12345678901x";
  EXPECT_FALSE(check_config(config).ok());
  config = {};
  config.site.region = "a:b";
  EXPECT_FALSE(check_config(config).ok());
}

}  // namespace
}  // namespace millrace::app
