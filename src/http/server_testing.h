// A running server with a scripted handler, and a client that sends raw bytes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.h"

namespace millrace::http {

// Answers by a function; keeps nothing.
class ScriptedHandler final : public Handler {
 public:
  using Script = std::function<void(Request, Respond)>;
  explicit ScriptedHandler(Script script) : script_(std::move(script)) {}

  void handle(Request request, Respond respond) override {
    script_(std::move(request), std::move(respond));
  }
  // The status and reason as text.
  Response refuse(int status, std::string_view reason) override;

 private:
  Script script_;
};

// Answers with the request's body.
void echo(Request request, const Respond& respond);

// On a free port of 127.0.0.1, stopped on destruction. Two threads unless told otherwise.
class TestServer {
 public:
  explicit TestServer(ScriptedHandler::Script script = echo, ServerOptions options = {});

  [[nodiscard]] uint16_t port() const { return server_->port(); }
  [[nodiscard]] Server& server() { return *server_; }

 private:
  ScriptedHandler handler_;
  std::unique_ptr<Server> server_;
};

// A connection for raw bytes. Every wait ends after ten seconds with a failed expectation.
class RawConnection {
 public:
  explicit RawConnection(uint16_t port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False when the server has closed or reset the connection.
  bool send(std::string_view bytes);
  // Ends the sending direction.
  void finish();
  // The next response; with status 0 at the end of the connection. `head`: it has no body.
  Response read(bool head = false);
  // Sends, then reads one response.
  Response exchange(std::string_view bytes);
  // The next bytes whatever they mean; fewer at the end of the connection.
  std::string read_exactly(size_t size);
  // Whether there is anything to read, without waiting.
  [[nodiscard]] bool has_bytes() const;
  // Whether the server closes the connection without a byte more.
  bool is_closed();

 private:
  bool receive();

  int socket_;
  std::string incoming_;
};

// "POST / HTTP/1.1" with that body.
std::string post(std::string_view body, std::string_view headers = "");

}  // namespace millrace::http
