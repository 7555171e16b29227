// From a request to its event: what the front ends call for every request of an API.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/write_observer.h"
#include "audit/coverage.h"
#include "audit/request_description.h"
#include "audit/spool.h"
#include "auth/principal.h"
#include "catalog/catalog.h"

namespace millrace::audit {

// A request that the trail records. Its writes are told to it where they are decided.
class RecordedRequest : public api::WriteObserver {
 public:
  // The request has this outcome, with `response`, JSON, when it succeeded. Calls `answer`, which
  // sends it, once the event is as durable as the settings ask for: at once or on another thread.
  virtual void finish(const Status& outcome, std::string_view response,
                      std::function<void()> answer) = 0;
};

// What is known of a request when it comes. Views live as long as the call that gets them.
struct ArrivedRequest {
  const RequestKind& kind;
  const std::optional<json::Object>& input;  // unchecked; nullopt: no JSON object
  const auth::Principal& principal;
  std::string_view request_id;
  std::string_view source_address;
  std::string_view user_agent;
  std::string_view host;
  std::string_view tls_version = {};  // of a connection with TLS
  std::string_view cipher_suite = {};
};

// Thread-safe. What it refers to outlives it and every request.
class Recorder {
 public:
  Recorder(std::shared_ptr<Spool> spool, const Coverage& coverage, const catalog::Catalog& catalog,
           const Clock& clock, Random& random, Durability durability);

  // Whether anybody may want an event of such a request: asked first, because it costs nothing.
  [[nodiscard]] bool may_want(const RequestKind& kind) const;
  // nullptr: nobody wants an event of this request.
  [[nodiscard]] std::shared_ptr<RecordedRequest> begin(const ArrivedRequest& request) const;

  // Whether a request of this kind has to wait until there is room for its event. CloudTrail's own
  // do not: by them the trail is mended.
  [[nodiscard]] bool holds(const RequestKind& kind) const;
  // Calls `go` when it need not wait any more.
  void when_free(std::function<void()> go) const { spool_->when_free(std::move(go)); }

 private:
  const std::shared_ptr<Spool> spool_;
  const Coverage& coverage_;
  const catalog::Catalog& catalog_;
  const Clock& clock_;
  Random& random_;
  const Durability durability_;
};

}  // namespace millrace::audit
