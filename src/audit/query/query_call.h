// One request about events, event data stores or queries on its way through an operation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/service.h"
#include "audit/query/event_data_store.h"
#include "audit/query/queries.h"
#include "audit/settings.h"
#include "catalog/catalog.h"

namespace millrace::audit::query {

// All must outlive the operations, and the requests that they have begun.
struct QueryParts {
  EventDataStores& stores;
  Indexer& indexer;
  Queries& queries;
  WorkerPool& lookups;  // of requests that read the index
  const catalog::Catalog& catalog;
  const catalog::Site& site;
  const Clock& clock;
  Random& random;
  const AuditSettings& settings;
};

// The input has passed api/validate.h. It lives until the operation function returns: what an
// operation needs later it takes with it.
struct QueryCall {
  const QueryParts& parts;
  json::Object input;
};

// Members of the input; nullopt: absent.
[[nodiscard]] std::optional<std::string> text_of(const QueryCall& call, std::string_view name);
[[nodiscard]] std::optional<int64_t> integer_of(const QueryCall& call, std::string_view name);
[[nodiscard]] std::optional<bool> flag_of(const QueryCall& call, std::string_view name);
// A time, which may have a fraction.
[[nodiscard]] std::optional<int64_t> milliseconds_of(const QueryCall& call, std::string_view name);

// MaxResults and the like. InvalidMaxResultsException unless it is from 1 to `max`.
[[nodiscard]] Result<size_t> page_size_of(const QueryCall& call, std::string_view name, size_t max,
                                          size_t without);
// NextToken: `position` for the request that `scope` describes.
[[nodiscard]] std::string write_page_token(std::string_view scope, std::string_view position);
// nullopt: absent. InvalidNextTokenException for one of another request.
[[nodiscard]] Result<std::optional<std::string>> page_token_of(const QueryCall& call,
                                                               std::string_view scope);

// The store that the member names by id or ARN. EventDataStoreARNInvalidException,
// EventDataStoreNotFoundException.
[[nodiscard]] Result<EventDataStorePointer> find_store(const QueryParts& parts,
                                                       const std::string& id_or_arn);
// Also InactiveEventDataStoreException when it is pending deletion.
[[nodiscard]] Status check_active(const EventDataStore& store);

// InvalidParameterException that names the first of `names` that is there.
[[nodiscard]] Status refuse(const QueryCall& call, std::initializer_list<std::string_view> names);
// InvalidParameterException when EventDataStoreOwnerAccountId is another account.
[[nodiscard]] Status check_owner(const QueryCall& call);
[[nodiscard]] Error invalid_parameter(std::string message);

// Answers with what `answer` makes of the index with all events of requests that were answered
// before; it runs on another thread.
void answer_from_index(const QueryParts& parts,
                       std::function<Result<std::string>(Database& index)> answer,
                       api::Reply reply);

}  // namespace millrace::audit::query
