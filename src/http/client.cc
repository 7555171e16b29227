#include "http/client.h"

#include "http/response_parser.h"

namespace millrace::http {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

Client::Client(std::string host, uint16_t port, std::chrono::milliseconds timeout,
               int stop_descriptor, TlsContextPointer tls)
    : host_(std::move(host)),
      port_(std::to_string(port)),
      timeout_(timeout),
      stream_(stop_descriptor, std::move(tls)) {}

Error Client::failure(std::string_view what, std::string_view why) const {
  return {ErrorCode::kServiceUnavailableException,
          std::string(what) + " " + host_ + ":" + port_ + ": " + std::string(why)};
}

Result<Response> Client::send(const Request& request) {
  const Deadline deadline = std::chrono::steady_clock::now() + timeout_;
  outgoing_ = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (request.header("Host").empty()) outgoing_ += "Host: " + host_ + ":" + port_ + "\r\n";
  for (const Header& header : request.headers) {
    outgoing_.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  outgoing_.append("Content-Length: ").append(std::to_string(request.body.size()));
  outgoing_.append("\r\n\r\n").append(request.body);

  if (stream_.is_connected() && stream_.is_stale()) stream_.disconnect();
  if (!stream_.is_connected()) {
    const Status connected = stream_.connect(host_, port_, deadline);
    if (!connected.ok()) return failure("cannot connect to", connected.error().message);
  }
  const Status written = stream_.write(outgoing_, deadline);
  // A server that refuses a request answers before it has read it all.
  Result<Response> response = read(request.method == "HEAD", deadline);
  if (!written.ok() || !response.ok()) stream_.disconnect();
  if (!written.ok() && !response.ok()) {
    return failure("cannot send to", written.error().message);
  }
  return response;
}

Result<Response> Client::read(bool head, Deadline deadline) {
  ResponseParser parser(head);
  incoming_.clear();
  block_.resize(kReadBytes);
  while (!parser.is_done()) {
    const auto received = stream_.read_some(block_.data(), block_.size(), deadline);
    if (!received.ok()) return failure("no response from", received.error().message);
    if (*received == 0) {
      if (!parser.finish()) return failure("no response from", "the connection was closed");
      break;
    }
    incoming_.append(block_, 0, *received);
    if (!parser.parse(incoming_)) return failure("no response from", "it is not valid HTTP");
  }
  if (!parser.keep_alive()) stream_.disconnect();
  return std::move(parser.response());
}

}  // namespace millrace::http
