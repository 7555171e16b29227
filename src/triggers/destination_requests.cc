#include "triggers/destination_requests.h"

#include <initializer_list>
#include <utility>

#include "auth/uri.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::triggers {
namespace {

using Parameter = std::pair<std::string_view, std::string_view>;

std::string form(std::initializer_list<Parameter> parameters) {
  std::string body;
  for (const auto& [name, value] : parameters) {
    if (!body.empty()) body.push_back('&');
    body.append(name).push_back('=');
    auth::append_uri_encoded(body, value);
  }
  return body;
}

Message query_message(std::string url, std::string service, const DestinationArn& arn, Bytes body) {
  return {
      .request = {.method = "POST",
                  .url = std::move(url),
                  .service = std::move(service),
                  .region = arn.region,
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                  .body = {}},
      .body = std::move(body)};
}

}  // namespace

Message queue_message(const std::string& endpoint, const DestinationArn& queue,
                      std::string_view text) {
  const std::string url = endpoint + "/" + queue.account_id + "/" + queue.name;
  return query_message(url, "sqs", queue,
                       form({{"Action", "SendMessage"},
                             {"Version", "2012-11-05"},
                             {"QueueUrl", url},
                             {"MessageBody", text}}));
}

Message topic_message(const std::string& endpoint, const DestinationArn& topic,
                      std::string_view text) {
  return query_message(endpoint + "/", "sns", topic,
                       form({{"Action", "Publish"},
                             {"Version", "2010-03-31"},
                             {"TopicArn", topic.text},
                             {"Message", text}}));
}

Message event_message(const std::string& endpoint, const DestinationArn& bus,
                      std::string_view function_arn, std::string_view json) {
  Message message{.request = {.method = "POST",
                              .url = endpoint + "/",
                              .service = "events",
                              .region = bus.region,
                              .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                          {"X-Amz-Target", "AWSEvents.PutEvents"}},
                              .body = {}},
                  .body = {}};
  json::Writer writer(message.body);
  writer.begin_object();
  writer.key("Entries");
  writer.begin_array();
  writer.begin_object();
  writer.member("Source", "lambda");
  writer.member("DetailType", "Lambda Function Invocation Result - Failure");
  writer.member("Detail", json);
  writer.member("EventBusName", bus.text);
  writer.key("Resources");
  writer.begin_array();
  writer.string(function_arn);
  writer.end_array();
  writer.end_object();
  writer.end_array();
  writer.end_object();
  return message;
}

Status check_event_answer(const buckets::ServiceAnswer& answer) {
  const auto document = json::Document::parse(answer.body);
  int64_t failed = 0;
  if (!document || document->root()["FailedEntryCount"].get(failed) != simdjson::SUCCESS ||
      failed == 0) {
    return Done{};
  }
  return Error{ErrorCode::kServiceException, "PutEvents refused the event: " + answer.body};
}

}  // namespace millrace::triggers
