// How a message reaches a queue, a topic or an event bus: in the protocols that everything speaks
// which is compatible with these services.
#pragma once

#include <string>

#include "buckets/signed_client.h"
#include "triggers/destination_arn.h"

namespace millrace::triggers {

// Owns what a request refers to.
struct Message {
  buckets::ServiceRequest request;  // without its body
  Bytes body;
};

// SendMessage of Amazon SQS.
[[nodiscard]] Message queue_message(const std::string& endpoint, const DestinationArn& queue,
                                    std::string_view text);
// Publish of Amazon SNS.
[[nodiscard]] Message topic_message(const std::string& endpoint, const DestinationArn& topic,
                                    std::string_view text);
// PutEvents of Amazon EventBridge, with one event, whose detail `json` is.
[[nodiscard]] Message event_message(const std::string& endpoint, const DestinationArn& bus,
                                    std::string_view function_arn, std::string_view json);
// Whether it has the event: PutEvents succeeds when it has none, too.
[[nodiscard]] Status check_event_answer(const buckets::ServiceAnswer& answer);

}  // namespace millrace::triggers
