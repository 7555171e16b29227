// A server of one stream, whose shards a test grows, closes, trims and lets fail.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "http/server.h"

namespace millrace::cli::stream {

// Sequence numbers are positions in the shard behind an offset of the shard's own, as Millrace
// writes them. Does not know the long poll. Thread-safe.
class FakeStreams final : private http::Handler {
 public:
  FakeStreams();
  ~FakeStreams() override;

  [[nodiscard]] Connection connection() const;
  [[nodiscard]] std::string arn() const { return "arn:aws:dynamodb:r:0:table/t/stream/l"; }

  // `first` is the position of its first record.
  void add_shard(const std::string& id, const std::string& parent, uint64_t first);
  // Records whose key is `name`, one a second from `seconds` on.
  void put(const std::string& shard_id, const std::string& name, int64_t seconds, size_t count = 1);
  void close(const std::string& shard_id);
  // The first `count` records of it are gone.
  void trim(const std::string& shard_id, size_t count);
  void disable();
  // The next `count` calls of the operation are refused so.
  void fail(const std::string& operation, size_t count, int status, const std::string& error);
  [[nodiscard]] size_t calls(const std::string& operation);
  // Waits until there are so many more calls of the operation than now.
  void await_calls(const std::string& operation, size_t more);

 private:
  struct Record {
    std::string name;
    int64_t seconds;
  };
  struct Shard {
    std::string parent;
    uint64_t first = 0;
    std::vector<Record> records;
    size_t trimmed = 0;
    bool is_open = true;
  };
  struct Failures {
    size_t count = 0;
    int status = 0;
    std::string error;
  };

  void handle(http::Request request, http::Respond respond) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view reason) override;

  http::Response answer(const std::string& operation, const std::string& body);
  std::string describe_stream();
  http::Response get_shard_iterator(const std::string& body);
  http::Response get_records(const std::string& body);

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Shard> shards_;
  std::map<std::string, Failures> failures_;
  std::map<std::string, size_t> calls_;
  bool is_enabled_ = true;

  std::unique_ptr<http::Server> server_;
};

}  // namespace millrace::cli::stream
