#include "triggers/failure_destinations.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "buckets/directory_bucket.h"
#include "buckets/s3_bucket.h"
#include "triggers/destination_requests.h"
#include "triggers/failure_record.h"
#include "triggers/mapping_errors.h"

namespace millrace::triggers {
namespace {

// About what a batch takes without its payload.
constexpr size_t kBatchBytes = 1024;

DestinationSettings without_final_slashes(DestinationSettings settings) {
  for (std::string* endpoint : {&settings.s3_endpoint, &settings.sqs_endpoint,
                                &settings.sns_endpoint, &settings.events_endpoint}) {
    while (endpoint->ends_with('/')) endpoint->pop_back();
  }
  return settings;
}

// What the operator would have to set, or nullptr when it is there.
const char* missing_setting(const DestinationSettings& settings, DestinationKind kind) {
  switch (kind) {
    case DestinationKind::kBucket:
      return settings.buckets_directory.empty() && settings.s3_endpoint.empty() ? "S3" : nullptr;
    case DestinationKind::kQueue:
      return settings.sqs_endpoint.empty() ? "SQS" : nullptr;
    case DestinationKind::kTopic:
      return settings.sns_endpoint.empty() ? "SNS" : nullptr;
    case DestinationKind::kEventBus:
      return settings.events_endpoint.empty() ? "EventBridge" : nullptr;
    case DestinationKind::kFunction:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

EndpointDestinations::Way::Way(const DestinationSettings& settings)
    : client(std::make_shared<buckets::SignedClient>(
          buckets::ServiceAccess{.access_key_id = settings.access_key_id,
                                 .secret_access_key = settings.secret_access_key,
                                 .connect_timeout = settings.connect_timeout,
                                 .timeout = settings.timeout})),
      thread(settings.waiting_bytes_max) {}

EndpointDestinations::EndpointDestinations(DestinationSettings settings,
                                           functions::Invoker& invoker, Random& random)
    : settings_(without_final_slashes(std::move(settings))),
      invoker_(invoker),
      random_(random),
      objects_(settings_),
      queues_(settings_),
      topics_(settings_),
      events_(settings_) {}

EndpointDestinations::~EndpointDestinations() {
  const std::array<Way*, 4> ways = {&objects_, &queues_, &topics_, &events_};
  for (Way* way : ways) way->client->stop();
  for (Way* way : ways) way->thread.stop();
}

Status EndpointDestinations::check(const std::string& destination_arn) const {
  const auto arn = parse_destination_arn(destination_arn);
  if (!arn) {
    return invalid_parameter(fmt::format(
        "The destination is not the ARN of a bucket, a queue, a topic, an event bus or a function: "
        "{}",
        destination_arn));
  }
  if (arn->kind == DestinationKind::kQueue && arn->name.ends_with(".fifo")) {
    return invalid_parameter(
        fmt::format("The destination may not be a FIFO queue: {}", destination_arn));
  }
  if (const char* missing = missing_setting(settings_, arn->kind)) {
    return invalid_parameter(
        fmt::format("This server has no {} endpoint configured for the destination {}", missing,
                    destination_arn));
  }
  return Done{};
}

void EndpointDestinations::send(const std::string& destination_arn, FailedBatch batch,
                                std::function<void(Status)> done) {
  // The settings may have changed since the mapping was made.
  auto status = check(destination_arn);
  if (!status) return done(std::move(status));
  DestinationArn arn = parse_destination_arn(destination_arn).value();
  switch (arn.kind) {
    case DestinationKind::kBucket:
      return deliver(objects_, &EndpointDestinations::put_object, std::move(arn), std::move(batch),
                     std::move(done));
    case DestinationKind::kQueue:
      return deliver(queues_, &EndpointDestinations::send_message, std::move(arn), std::move(batch),
                     std::move(done));
    case DestinationKind::kTopic:
      return deliver(topics_, &EndpointDestinations::publish, std::move(arn), std::move(batch),
                     std::move(done));
    case DestinationKind::kEventBus:
      return deliver(events_, &EndpointDestinations::put_event, std::move(arn), std::move(batch),
                     std::move(done));
    case DestinationKind::kFunction:
      return invoke(arn, batch, std::move(done));
  }
}

void EndpointDestinations::deliver(Way& way, Deliver work, DestinationArn arn, FailedBatch batch,
                                   std::function<void(Status)> done) {
  // Only a bucket gets the payload.
  if (arn.kind != DestinationKind::kBucket) batch.payload = Bytes();
  const size_t bytes = kBatchBytes + batch.payload.size();
  way.thread.run(
      bytes,
      [this, &way, work, arn = std::move(arn), batch = std::move(batch)] {
        return (this->*work)(way, arn, batch);
      },
      std::move(done));
}

buckets::Bucket& EndpointDestinations::bucket_of(Way& way, const std::string& name) {
  auto& bucket = buckets_[name];
  if (!bucket && !settings_.s3_endpoint.empty()) {
    bucket = std::make_unique<buckets::S3Bucket>(settings_.s3_endpoint, settings_.region, name,
                                                 way.client);
  } else if (!bucket) {
    bucket = std::make_unique<buckets::DirectoryBucket>(settings_.buckets_directory + "/" + name);
  }
  return *bucket;
}

Status EndpointDestinations::put_object(Way& way, const DestinationArn& arn,
                                        const FailedBatch& batch) {
  return bucket_of(way, arn.name)
      .put({.name = failure_object_name(batch, random_),
            .content = failure_record(batch, FailurePayload::kWith),
            .content_type = "application/json"});
}

Status EndpointDestinations::send_message(Way& way, const DestinationArn& arn,
                                          const FailedBatch& batch) {
  Message message =
      queue_message(settings_.sqs_endpoint, arn, failure_record(batch, FailurePayload::kWithout));
  message.request.body = message.body;
  TRY(way.client->send(message.request));
  return Done{};
}

Status EndpointDestinations::publish(Way& way, const DestinationArn& arn,
                                     const FailedBatch& batch) {
  Message message =
      topic_message(settings_.sns_endpoint, arn, failure_record(batch, FailurePayload::kWithout));
  message.request.body = message.body;
  TRY(way.client->send(message.request));
  return Done{};
}

Status EndpointDestinations::put_event(Way& way, const DestinationArn& arn,
                                       const FailedBatch& batch) {
  Message message = event_message(settings_.events_endpoint, arn, batch.function_arn,
                                  failure_record(batch, FailurePayload::kWithout));
  message.request.body = message.body;
  return check_event_answer(TRY(way.client->send(message.request)));
}

void EndpointDestinations::invoke(const DestinationArn& arn, const FailedBatch& batch,
                                  std::function<void(Status)> done) {
  functions::InvokeRequest request;
  request.function = arn.text;
  request.payload = failure_record(batch, FailurePayload::kWithout);
  invoker_.invoke(std::move(request),
                  [done = std::move(done)](Result<functions::InvokeAnswer> answer) {
                    if (!answer) return done(std::move(answer).error());
                    if (answer->function_error.empty()) return done(Done{});
                    done(Error{ErrorCode::kServiceException,
                               "the destination failed: " + answer->payload.substr(0, 300)});
                  });
}

}  // namespace millrace::triggers
