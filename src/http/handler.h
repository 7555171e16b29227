// The one interface between the HTTP front end and the server behind it. Nothing here knows what a
// request means.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace millrace::http {

struct Header {
  std::string name;  // as the client wrote it
  std::string value;
};

// The value of the first header of that name, whatever its case; empty when there is none.
[[nodiscard]] std::string_view find_header(const std::vector<Header>& headers,
                                           std::string_view name);

// One request, whole: the body has arrived and its content coding is undone.
struct Request {
  std::string method;
  std::string target;  // path and query, undecoded
  std::vector<Header> headers;
  Bytes body;
  // The body as it was sent, when it had a content coding, else empty: what a signature covers.
  Bytes body_as_sent = {};
  std::string remote_address = {};  // of the peer, without the port
  // Of a connection with TLS, else empty.
  std::string tls_version = {};              // "TLSv1.3"
  std::string cipher_suite = {};             // "TLS_AES_128_GCM_SHA256"
  std::string client_certificate_name = {};  // the common name of a client certificate, verified

  [[nodiscard]] std::string_view header(std::string_view name) const {
    return find_header(headers, name);
  }
};

// The front end adds Content-Length, Date, Connection and, where the client accepts it and the body
// is worth it, Content-Encoding: gzip and the x-amz-crc32 of the bytes sent.
struct Response {
  int status = 200;
  std::vector<Header> headers;  // without line breaks, which are not checked
  Bytes body;
  // Adds `x-amz-crc32` of the body as it is sent.
  bool checksum = false;
  // Closes the connection after this response.
  bool close = false;

  [[nodiscard]] std::string_view header(std::string_view name) const {
    return find_header(headers, name);
  }
};

// Takes the response once, on any thread; fastest from within Handler::handle. Harmless after the
// connection or the server is gone. When every copy is destroyed uncalled, the client gets a 500.
using Respond = std::function<void(Response)>;

class Handler {
 public:
  virtual ~Handler() = default;
  // Called on an I/O thread, one request of a connection at a time; must not block for long. The
  // answer may come later, through `respond`, which must be called exactly once.
  virtual void handle(Request request, Respond respond) = 0;
  // The answer to what never became a request: status 400, 408, 413, 431 or 503, and why; or 500 to
  // a request whose `respond` was dropped. Called on any I/O thread.
  [[nodiscard]] virtual Response refuse(int status, std::string_view reason) = 0;
};

}  // namespace millrace::http
