// A request and its answer as the audit trail is told of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/service.h"
#include "audit/recorder.h"
#include "http/handler.h"
#include "json/document.h"

namespace millrace::wire {

// nullopt: what was sent is no JSON object.
[[nodiscard]] std::optional<json::Object> input_of(const Result<json::Document>& document);

// False costs nothing to find out. `recorder` and `kind` may be nullptr.
[[nodiscard]] bool may_be_recorded(const audit::Recorder* recorder, const audit::RequestKind* kind);
// nullptr: the request is not recorded. `recorder` and `kind` may be nullptr.
[[nodiscard]] std::shared_ptr<audit::RecordedRequest> begin_record(
    const audit::Recorder* recorder, const audit::RequestKind* kind, const http::Request& request,
    const auth::Principal& principal, std::string_view request_id,
    const std::optional<json::Object>& input);

[[nodiscard]] inline std::string_view body_of(const std::string& answer) {
  return answer;
}
[[nodiscard]] inline std::string_view body_of(const api::RestAnswer& answer) {
  return answer.body;
}

// Calls `reply` with the answer once its event is kept.
template <typename Answer>
void finish_record(audit::RecordedRequest& recorded, Result<Answer> answer,
                   const std::function<void(Result<Answer>)>& reply) {
  const Status outcome = answer.ok() ? Status(Done{}) : Status(answer.error());
  const auto kept = std::make_shared<Result<Answer>>(std::move(answer));
  recorded.finish(outcome, kept->ok() ? body_of(**kept) : std::string_view(),
                  [kept, reply] { reply(std::move(*kept)); });
}

}  // namespace millrace::wire
