#include "cli/cert/certificates.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "http/client.h"
#include "http/tls_context.h"

namespace millrace::cli::cert {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CertificatesTest : public ::testing::Test {
 protected:
  CertificatesTest() { EXPECT_NE(mkdtemp(directory_.data()), nullptr); }
  ~CertificatesTest() override { std::filesystem::remove_all(directory_); }

  CertificateRequest request() const {
    CertificateRequest request;
    request.directory = directory_ + "/tls";
    return request;
  }
  std::string path(const std::string& name) const { return directory_ + "/tls/" + name; }
  std::string content(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(path(name)).rdbuf();
    return text.str();
  }
  mode_t mode(const std::string& name) const {
    struct stat status = {};
    EXPECT_EQ(stat(path(name).c_str(), &status), 0);
    return status.st_mode & 0777;
  }
  std::string error(const CertificateRequest& request) const {
    auto made = create_certificates(request, clock_);
    return made.ok() ? "" : made.error().message;
  }

  SystemClock clock_;
  std::string directory_ = (std::filesystem::temp_directory_path() / "millrace-XXXXXX").string();
};

TEST_F(CertificatesTest, MakesAnAuthorityAndAServer) {
  const auto made = create_certificates(request(), clock_);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(*made, ElementsAre(path("ca.pem"), path("ca-key.pem"), path("server.pem"),
                                 path("server-key.pem")));
  EXPECT_EQ(mode("server-key.pem"), 0600);
  EXPECT_EQ(mode("ca-key.pem"), 0600);
  const auto usable = http::TlsContext::for_server({.certificate_file = path("server.pem"),
                                                    .key_file = path("server-key.pem"),
                                                    .client_ca_file = path("ca.pem"),
                                                    .require_client_certificate = true});
  EXPECT_TRUE(usable.ok()) << usable.error().message;
}

TEST_F(CertificatesTest, ReplacesNothingUnlessForced) {
  ASSERT_EQ(error(request()), "");
  const std::string before = content("server.pem");
  EXPECT_THAT(error(request()), HasSubstr("ca.pem' is there already: --force replaces it"));
  EXPECT_EQ(content("server.pem"), before);
  CertificateRequest forced = request();
  forced.force = true;
  EXPECT_EQ(error(forced), "");
  EXPECT_NE(content("server.pem"), before);
}

TEST_F(CertificatesTest, IssuesClientsByTheAuthorityThatIsThere) {
  ASSERT_EQ(error(request()), "");
  const std::string authority = content("ca.pem");
  CertificateRequest alice = request();
  alice.client = "alice";
  const auto made = create_certificates(alice, clock_);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_THAT(*made, ElementsAre(path("alice.pem"), path("alice-key.pem")));
  EXPECT_EQ(content("ca.pem"), authority);
  EXPECT_THAT(error(alice), HasSubstr("alice.pem' is there already"));
}

TEST_F(CertificatesTest, RefusesNamesThatCannotBe) {
  for (const char* name : {"", "a/b", "../x", "ca", "server", "x-key", "a b"}) {
    CertificateRequest client = request();
    client.client = name;
    EXPECT_THAT(error(client), HasSubstr("cannot be a client's name")) << name;
  }
  for (const char* name : {"", "a b", "http://x", "-x", "a/b"}) {
    CertificateRequest server = request();
    server.names = {name};
    EXPECT_THAT(error(server), HasSubstr("is neither a DNS name nor an address")) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(path("ca.pem")));
}

}  // namespace
}  // namespace millrace::cli::cert
