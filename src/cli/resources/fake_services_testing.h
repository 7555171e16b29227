// A server of tables, functions, mappings, logs, trails and IAM, as much of it as the client
// commands call.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "cli/resources/fake_iam_testing.h"
#include "cli/resources/node.h"
#include "http/server.h"

namespace millrace::cli::resources {

// Sets the members of `changes` in `node`.
void overlay(Node& node, const Node& changes);

// Everything takes effect at once. Thread-safe.
class FakeServices final : private http::Handler {
 public:
  FakeServices();
  ~FakeServices() override;

  [[nodiscard]] Connection connection() const;

  // Whether it is there.
  [[nodiscard]] bool has(const std::string& kind, const std::string& name);
  // What is kept of it, as the API describes it. `kind` is "table", "function", "mapping" …
  [[nodiscard]] Node get(const std::string& kind, const std::string& name);
  [[nodiscard]] std::vector<Node> all(const std::string& kind);
  void put(const std::string& kind, const std::string& name, Node node);
  // The tags of an ARN, as a map.
  [[nodiscard]] Node tags(const std::string& arn);
  // The calls that changed something, "CreateTable music", since the last time.
  std::vector<std::string> take_changes();
  // The body of the latest call of that name.
  [[nodiscard]] Node body_of(const std::string& call);
  // It has no IAM then: a form is no request that it knows.
  void forget_iam();
  void add_log_event(const std::string& group, int64_t milliseconds, const std::string& id,
                     const std::string& message);

 private:
  struct Answer {
    int status = 200;
    Node body = Node::map();
    std::string error = {};
  };
  struct LogEvent {
    int64_t milliseconds;
    std::string id;
    std::string message;
  };

  void handle(http::Request request, http::Respond respond) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view reason) override;

  Answer answer(const http::Request& request);
  Answer answer_json(const std::string& operation, const Node& input);
  Answer answer_table(const std::string& operation, const Node& input);
  Answer answer_policy(const std::string& operation, const Node& input);
  Answer answer_trail(const std::string& operation, const Node& input);
  Answer answer_permission(const std::string& method, const std::string& function,
                           const std::string& id, const Node& input);
  Answer answer_logs(const std::string& operation, const Node& input);
  Answer answer_rest(const http::Request& request);
  Answer answer_function(const std::string& method, const std::string& name,
                         const std::string& rest, const Node& input);
  Answer answer_mapping(const std::string& method, const std::string& uuid, const Node& input);
  Answer answer_tags(const http::Request& request, const std::string& arn, const Node& input);
  Answer update_table(const Node& input);
  Answer find(const std::string& kind, const std::string& name);
  void changed(const std::string& call, const std::string& name, const Node& input);

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::pair<std::string, std::string>, Node> kept_;  // by kind and name
  std::map<std::string, Node> tags_;
  std::map<std::string, std::vector<LogEvent>> events_;
  std::map<std::string, Node> bodies_;
  std::vector<std::string> changes_;
  FakeIam iam_;
  bool has_iam_ = true;
  int streams_ = 0;
  int mappings_ = 0;

  std::unique_ptr<http::Server> server_;
};

}  // namespace millrace::cli::resources
