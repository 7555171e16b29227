#include "audit/query/query_call.h"

#include <cmath>

#include <fmt/format.h>

#include "audit/query/query_tokens.h"
#include "base/log.h"
#include "json/base64.h"

namespace millrace::audit::query {
namespace {

constexpr auto kCatchUpTime = std::chrono::seconds(10);

Error store_not_found(const std::string& name) {
  return {ErrorCode::kEventDataStoreNotFoundException,
          fmt::format("There is no event data store {}.", name)};
}

}  // namespace

std::optional<std::string> text_of(const QueryCall& call, std::string_view name) {
  const auto found = json::member(call.input, name);
  std::string_view text;
  if (!found || found->get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

std::optional<int64_t> integer_of(const QueryCall& call, std::string_view name) {
  const auto milliseconds = milliseconds_of(call, name);
  if (!milliseconds) return std::nullopt;
  return *milliseconds / 1000;
}

std::optional<bool> flag_of(const QueryCall& call, std::string_view name) {
  const auto found = json::member(call.input, name);
  bool flag = false;
  if (!found || found->get(flag) != simdjson::SUCCESS) return std::nullopt;
  return flag;
}

std::optional<int64_t> milliseconds_of(const QueryCall& call, std::string_view name) {
  // Later than any event, and safe to calculate with.
  constexpr double kSecondsMax = 1e11;
  const auto found = json::member(call.input, name);
  double seconds = 0;
  if (!found || found->get(seconds) != simdjson::SUCCESS) return std::nullopt;
  return static_cast<int64_t>(std::floor(std::clamp(seconds, -kSecondsMax, kSecondsMax) * 1000));
}

Result<size_t> page_size_of(const QueryCall& call, std::string_view name, size_t max,
                            size_t without) {
  const auto size = integer_of(call, name);
  if (!size) return without;
  if (*size < 1 || *size > static_cast<int64_t>(max)) {
    return Error{ErrorCode::kInvalidMaxResultsException,
                 fmt::format("{} must be from 1 to {}.", name, max)};
  }
  return static_cast<size_t>(*size);
}

std::string write_page_token(std::string_view scope, std::string_view position) {
  Bytes text;
  append_sized(text, scope);
  append_sized(text, position);
  return json::base64_encode(text);
}

Result<std::optional<std::string>> page_token_of(const QueryCall& call, std::string_view scope) {
  const auto token = text_of(call, "NextToken");
  if (!token) return std::optional<std::string>();
  const Error invalid{ErrorCode::kInvalidNextTokenException,
                      "The token is not one of this request."};
  const auto text = json::base64_decode(*token);
  if (!text) return invalid;
  ByteReader reader(*text);
  const auto token_scope = reader.read_sized();
  const auto position = token_scope == scope ? reader.read_sized() : std::nullopt;
  if (!position || !reader.empty()) return invalid;
  return std::optional(std::string(*position));
}

Result<EventDataStorePointer> find_store(const QueryParts& parts, const std::string& id_or_arn) {
  const std::string_view id = store_id_of(id_or_arn);
  const bool is_arn = id_or_arn.starts_with("arn:");
  const bool is_ours = !is_arn || id_or_arn == event_data_store_arn(parts.site, id);
  if (is_arn && id.empty()) {
    return Error{ErrorCode::kEventDataStoreARNInvalidException,
                 fmt::format("{} is not the ARN of an event data store.", id_or_arn)};
  }
  auto store = is_ours && !id.empty() ? parts.stores.find(id) : nullptr;
  if (store == nullptr) return store_not_found(id_or_arn);
  return store;
}

Status check_active(const EventDataStore& store) {
  if (!store.pending_deletion()) return Done{};
  return Error{ErrorCode::kInactiveEventDataStoreException,
               fmt::format("The event data store {} is pending deletion.", store.name)};
}

Status refuse(const QueryCall& call, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (json::member(call.input, name)) {
      return invalid_parameter(fmt::format("Millrace does not have {}.", name));
    }
  }
  return Done{};
}

Status check_owner(const QueryCall& call) {
  const auto owner = text_of(call, "EventDataStoreOwnerAccountId");
  if (!owner || *owner == call.parts.site.account_id) return Done{};
  return invalid_parameter("EventDataStoreOwnerAccountId is not this account.");
}

Error invalid_parameter(std::string message) {
  return {ErrorCode::kInvalidParameterException, std::move(message)};
}

void answer_from_index(const QueryParts& parts,
                       std::function<Result<std::string>(Database& index)> answer,
                       api::Reply reply) {
  auto shared_reply = std::make_shared<api::Reply>(std::move(reply));
  const bool taken =
      parts.lookups.run([&indexer = parts.indexer, answer = std::move(answer), shared_reply] {
        indexer.catch_up(kCatchUpTime);
        auto index = Database::open(indexer.path(), Database::Mode::kReadOnly);
        if (!index.ok()) return (*shared_reply)(std::move(index).error());
        auto answered = answer(*index);
        if (!answered.ok() && index->found_damage()) indexer.report_damage();
        (*shared_reply)(std::move(answered));
      });
  if (!taken) {
    (*shared_reply)(Error{ErrorCode::kServiceUnavailableException,
                          "Too many requests read the index of events."});
  }
}

}  // namespace millrace::audit::query
