#include "cli/bench/endpoint.h"

#include <gtest/gtest.h>

namespace millrace::cli::bench {
namespace {

TEST(Endpoint, ReadsLoopbackAddresses) {
  Result<Endpoint> ipv4 = parse_endpoint("http://127.0.0.1:8000");
  ASSERT_TRUE(ipv4.ok());
  EXPECT_EQ(ipv4->address, "127.0.0.1");
  EXPECT_EQ(ipv4->port, 8000);
  EXPECT_EQ(ipv4->host, "127.0.0.1:8000");

  Result<Endpoint> ipv6 = parse_endpoint("http://[::1]:65535/");
  ASSERT_TRUE(ipv6.ok());
  EXPECT_EQ(ipv6->address, "::1");
  EXPECT_EQ(ipv6->port, 65535);
  EXPECT_EQ(ipv6->host, "[::1]:65535");

  Result<Endpoint> named = parse_endpoint("http://localhost:1");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->address, "127.0.0.1");
  EXPECT_EQ(named->host, "localhost:1");
}

TEST(Endpoint, RefusesOtherAddressesAndWhatIsNoEndpoint) {
  for (std::string_view url :
       {"http://10.0.0.1:8000", "http://0.0.0.0:8000", "http://dynamodb.us-east-1.amazonaws.com:80",
        "https://127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1",
        "http://127.0.0.1:", "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:80x",
        "http://127.0.0.1:80/path", ""}) {
    EXPECT_FALSE(parse_endpoint(url).ok()) << url;
  }
}

}  // namespace
}  // namespace millrace::cli::bench
