#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "http/client.h"
#include "http/tls_testing.h"

namespace millrace::http {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr milliseconds kPatience(10'000);

// Answers with what it is told of the connection.
void tell(const Request& request, const Respond& respond) {
  respond({.headers = {},
           .body = request.tls_version + " " + request.cipher_suite + " " +
                   request.client_certificate_name});
}

class TlsTest : public ::testing::Test {
 protected:
  ServerOptions options() const {
    ServerOptions options;
    options.tls = certificates_.server_options();
    return options;
  }
  ServerOptions with_clients(bool required) const {
    ServerOptions options = this->options();
    options.tls.client_ca_file = certificates_.path("ca.pem");
    options.tls.require_client_certificate = required;
    return options;
  }
  TlsClient::Options as_alice() const {
    return {.certificate_file = certificates_.path("alice.pem"),
            .key_file = certificates_.path("alice-key.pem")};
  }
  TlsContextPointer trust() const { return *TlsContext::for_client(certificates_.path("ca.pem")); }
  std::string listen_error(const ServerOptions& options) const {
    ScriptedHandler handler(echo);
    ServerOptions any_port = options;
    any_port.port = 0;
    auto server = Server::listen(any_port, handler);
    return server.ok() ? "" : server.error().message;
  }

  TestCertificates certificates_;
};

TEST_F(TlsTest, CarriesBodiesOfAnySizeBothWays) {
  TestServer server(echo, options());
  Client client("localhost", server.port(), kPatience, -1, trust());
  for (const size_t size : {size_t{0}, size_t{10}, size_t{16'000}, size_t{16'384}, size_t{100'000},
                            size_t{5'000'000}, size_t{1}}) {
    Bytes body(size, '\0');
    for (size_t i = 0; i < size; ++i) body[i] = static_cast<char>(i * 7 + i / 251);
    auto response = client.send({.method = "POST", .target = "/", .headers = {}, .body = body});
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, body);
  }
}

TEST_F(TlsTest, TellsTheHandlerOfTheConnection) {
  TestServer server(tell, options());
  TlsClient client(server.port());
  EXPECT_EQ(client.exchange(post("")).body, "TLSv1.3 TLS_AES_128_GCM_SHA256 ");
  TlsClient old(server.port(), {.version_max = TLS1_2_VERSION});
  EXPECT_EQ(old.exchange(post("")).body, "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384 ");
  TestServer plain(tell);
  EXPECT_EQ(RawConnection(plain.port()).exchange(post("")).body, "  ");
}

TEST_F(TlsTest, AnswersPipelinedRequestsOfOneRecord) {
  TestServer server(echo, options());
  TlsClient client(server.port());
  ASSERT_TRUE(client.send(post("one") + post("two", "Connection: close\r\n")));
  const std::string answers = client.read_all();
  EXPECT_THAT(answers, HasSubstr("\r\n\r\none"));
  EXPECT_THAT(answers, HasSubstr("\r\n\r\ntwo"));
}

TEST_F(TlsTest, RefusesOldVersionsAndWeakCiphers) {
  TestServer server(echo, options());
  EXPECT_FALSE(TlsClient(server.port(), {.version_max = TLS1_1_VERSION}).connected());
  EXPECT_FALSE(TlsClient(server.port(), {.version_max = TLS1_2_VERSION, .ciphers = "ECDHE+SHA1"})
                   .connected());
  EXPECT_TRUE(TlsClient(server.port()).connected());
}

TEST_F(TlsTest, DoesNotRenegotiate) {
  TestServer server(echo, options());
  TlsClient client(server.port(), {.version_max = TLS1_2_VERSION});
  ASSERT_EQ(client.exchange(post("a")).body, "a");
  EXPECT_FALSE(client.renegotiate());
}

TEST_F(TlsTest, TakesNewKeysBetweenRequests) {
  TestServer server(echo, options());
  TlsClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(client.update_keys());
    ASSERT_EQ(client.exchange(post("a")).body, "a");
  }
}

TEST_F(TlsTest, ChoosesHttp11AndNothingElse) {
  TestServer server(echo, options());
  EXPECT_EQ(TlsClient(server.port(), {.protocols = "\x02h2\x08http/1.1"}).protocol(), "http/1.1");
  EXPECT_EQ(TlsClient(server.port()).protocol(), "");
  EXPECT_FALSE(TlsClient(server.port(), {.protocols = "\x02h2"}).connected());
}

TEST_F(TlsTest, ResumesSessionsWithTheirClientCertificate) {
  TestServer server(tell, with_clients(false));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient::Options options = as_alice();
    options.version_max = version;
    TlsClient first(server.port(), options);
    EXPECT_THAT(first.exchange(post("")).body, HasSubstr(" alice"));
    EXPECT_FALSE(first.resumed());
    // By the ticket alone: without a certificate.
    TlsClient second(server.port(), {.version_max = version, .session = first.session()});
    EXPECT_TRUE(second.resumed());
    EXPECT_THAT(second.exchange(post("")).body, HasSubstr(" alice"));
    SSL_SESSION* session = first.session();
    SSL_SESSION_free(session);
    SSL_SESSION_free(session);
  }
}

TEST_F(TlsTest, VerifiesClientCertificates) {
  TestServer optional(tell, with_clients(false));
  EXPECT_THAT(TlsClient(optional.port(), as_alice()).exchange(post("")).body, HasSubstr(" alice"));
  EXPECT_THAT(TlsClient(optional.port()).exchange(post("")).body, HasSubstr("SHA256 "));
  TestServer required(tell, with_clients(true));
  EXPECT_THAT(TlsClient(required.port(), as_alice()).exchange(post("")).body, HasSubstr(" alice"));
  EXPECT_EQ(TlsClient(required.port()).exchange(post("")).status, 0);

  const TestCertificates others;
  const TlsClient::Options stranger = {.certificate_file = others.path("alice.pem"),
                                       .key_file = others.path("alice-key.pem")};
  EXPECT_EQ(TlsClient(optional.port(), stranger).exchange(post("")).status, 0);
  EXPECT_EQ(TlsClient(required.port(), stranger).exchange(post("")).status, 0);
  // A server's certificate is none of a client's.
  const TlsClient::Options server_as_client = {.certificate_file = certificates_.path("server.pem"),
                                               .key_file = certificates_.path("server-key.pem")};
  EXPECT_EQ(TlsClient(optional.port(), server_as_client).exchange(post("")).status, 0);
  // Nobody asks for it: it is not told.
  TestServer never(tell, options());
  EXPECT_THAT(TlsClient(never.port(), as_alice()).exchange(post("")).body, HasSubstr("SHA256 "));
}

TEST_F(TlsTest, TellsAPlainClientThatItIsWrong) {
  TestServer server(echo, options());
  RawConnection connection(server.port());
  const Response response = connection.exchange(post("a"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "The plain HTTP request was sent to an HTTPS port");
  EXPECT_TRUE(connection.is_closed());
}

TEST_F(TlsTest, ClosesOnGarbageAndGoesOn) {
  TestServer server(echo, options());
  for (const std::string& garbage :
       {std::string(300, 'x'), std::string(100, '\0'), std::string("\x16\x03\x01\xff\xff", 5),
        std::string("\x16\x03\x01\x00\x05\x01\xff\xff\xff\x00", 10)}) {
    RawConnection connection(server.port());
    connection.send(garbage);
    connection.finish();
    connection.read_exactly(1000);
    EXPECT_TRUE(connection.is_closed());
  }
  EXPECT_EQ(TlsClient(server.port()).exchange(post("a")).body, "a");
}

TEST_F(TlsTest, ClosesWhoDoesNotFinishTheHandshake) {
  ServerOptions options = this->options();
  options.handshake_timeout = milliseconds(100);
  TestServer server(echo, options);
  RawConnection silent(server.port());
  RawConnection halfway(server.port());
  halfway.send(std::string_view("\x16\x03\x01\x00\x80\x01\x00\x00\x7c\x03\x03", 11));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(halfway.is_closed());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2'000));
}

TEST_F(TlsTest, SaysGoodbye) {
  TestServer patient(echo, options());
  TlsClient asking(patient.port());
  ASSERT_TRUE(asking.send(post("a", "Connection: close\r\n")));
  EXPECT_THAT(asking.read_all(), HasSubstr("\r\n\r\na"));
  EXPECT_TRUE(asking.ended_cleanly());
  ServerOptions options = this->options();
  options.idle_timeout = milliseconds(100);
  TestServer impatient(echo, options);
  TlsClient idle(impatient.port());
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_TRUE(idle.ended_cleanly());
}

TEST_F(TlsTest, RefusesALargeBodyAndTheClientHearsIt) {
  ServerOptions options = this->options();
  options.body_bytes_max = 100'000;
  TestServer server(echo, options);
  Client client("127.0.0.1", server.port(), kPatience, -1, trust());
  auto response =
      client.send({.method = "POST", .target = "/", .headers = {}, .body = Bytes(300'000, 'x')});
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->status, 413);
}

TEST_F(TlsTest, StopsWithHandshakesUnderWay) {
  auto server = std::make_unique<TestServer>(echo, options());
  RawConnection silent(server->port());
  TlsClient idle(server->port());
  ASSERT_EQ(idle.exchange(post("a")).body, "a");
  const auto begin = std::chrono::steady_clock::now();
  server->server().stop(kPatience);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2'000));
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_TRUE(idle.ended_cleanly());
}

TEST_F(TlsTest, ReloadsItsFilesForNewConnections) {
  TestServer server(echo, options());
  TlsClient before(server.port());
  EXPECT_THAT(before.server_names(), HasSubstr("DNS:localhost"));
  certificates_.make_server({"renewed.example"});
  ASSERT_TRUE(server.server().reload_tls().ok());
  EXPECT_EQ(before.exchange(post("still")).body, "still");
  EXPECT_THAT(TlsClient(server.port()).server_names(), HasSubstr("renewed.example"));

  certificates_.write("server.pem", "rubbish");
  const Status reloaded = server.server().reload_tls();
  ASSERT_FALSE(reloaded.ok());
  EXPECT_THAT(reloaded.error().message, HasSubstr("server.pem"));
  EXPECT_THAT(TlsClient(server.port()).server_names(), HasSubstr("renewed.example"));
}

TEST_F(TlsTest, ReloadsWhileClientsConnect) {
  TestServer server(echo, options());
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      for (int j = 0; j < 30; ++j) {
        ASSERT_EQ(TlsClient(server.port()).exchange(post("a")).body, "a");
      }
    });
  }
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(server.server().reload_tls().ok());
}

TEST_F(TlsTest, SaysWhatIsWrongWithItsFiles) {
  ServerOptions options = this->options();
  options.tls.key_file = "";
  EXPECT_EQ(listen_error(options), "TLS needs a key file");
  options.tls.key_file = "/nowhere/key.pem";
  EXPECT_EQ(listen_error(options),
            "cannot read the key file '/nowhere/key.pem': No such file or directory");
  options.tls.key_file = certificates_.path("alice-key.pem");
  EXPECT_THAT(listen_error(options),
              HasSubstr("alice-key.pem' cannot be used: key values mismatch"));
  options.tls.key_file = certificates_.path("server.pem");
  EXPECT_THAT(listen_error(options), HasSubstr("the key file '"));
  options = this->options();
  options.tls.certificate_file = certificates_.path("server-key.pem");
  EXPECT_THAT(listen_error(options), HasSubstr("the certificate file '"));
  options = this->options();
  options.tls.require_client_certificate = true;
  EXPECT_EQ(listen_error(options), "to require client certificates, TLS needs a client CA file");
  options.tls.client_ca_file = certificates_.path("server-key.pem");
  EXPECT_THAT(listen_error(options), HasSubstr("the client CA file '"));
}

TEST_F(TlsTest, TheClientTrustsItsAuthorityAndTheNameAlone) {
  TestServer server(echo, options());
  const Request request = {.method = "POST", .target = "/", .headers = {}, .body = "a"};
  EXPECT_TRUE(Client("127.0.0.1", server.port(), kPatience, -1, trust()).send(request).ok());

  auto by_system =
      Client("127.0.0.1", server.port(), kPatience, -1, *TlsContext::for_client("")).send(request);
  ASSERT_FALSE(by_system.ok());
  EXPECT_THAT(by_system.error().message, HasSubstr("certificate verify failed"));

  certificates_.make_server({"elsewhere.example", "127.0.0.2"});
  ASSERT_TRUE(server.server().reload_tls().ok());
  for (const char* host : {"127.0.0.1", "localhost"}) {
    auto other = Client(host, server.port(), kPatience, -1, trust()).send(request);
    ASSERT_FALSE(other.ok());
    EXPECT_THAT(other.error().message, HasSubstr("mismatch"));
  }
  EXPECT_FALSE(TlsContext::for_client("/nowhere").ok());
}

TEST_F(TlsTest, TheClientOpensANewConnectionAfterTheServerClosedTheOld) {
  ServerOptions options = this->options();
  options.idle_timeout = milliseconds(50);
  TestServer server(echo, options);
  Client client("127.0.0.1", server.port(), kPatience, -1, trust());
  const Request request = {.method = "POST", .target = "/", .headers = {}, .body = "a"};
  EXPECT_TRUE(client.send(request).ok());
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_TRUE(client.send(request).ok());
}

TEST_F(TlsTest, TheClientOfAPlainServerSaysSo) {
  TestServer server;
  auto response = Client("127.0.0.1", server.port(), kPatience, -1, trust())
                      .send({.method = "POST", .target = "/", .headers = {}, .body = "a"});
  ASSERT_FALSE(response.ok());
  EXPECT_THAT(response.error().message, HasSubstr("wrong version number"));
}

}  // namespace
}  // namespace millrace::http
