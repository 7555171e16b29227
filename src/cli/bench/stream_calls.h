// Calls of DynamoDB Streams, and what a benchmark reads from their answers. Pages are searched, not
// parsed: the generator shares the machine with the server.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/bench/endpoint.h"
#include "cli/client/call_signer.h"

namespace millrace::cli::bench {

// Of the first shard of the table's latest stream. `type` as in GetShardIterator.
[[nodiscard]] Result<std::string> stream_iterator(const Endpoint& endpoint, CallSigner& signer,
                                                  const std::string& table, std::string_view type);

// Of every open shard of the table's latest stream, where its next record will be.
[[nodiscard]] Result<std::vector<std::string>> latest_iterators(const Endpoint& endpoint,
                                                                CallSigner& signer,
                                                                const std::string& table);

void get_records(std::string_view iterator, Call& call);

[[nodiscard]] uint64_t count_records(std::string_view page);
// Calls `visit` with the key of every record of the page, in order. Of ItemCalls's items.
void visit_records(std::string_view page, const std::function<void(uint64_t key)>& visit);
// nullopt at the end of a closed shard.
[[nodiscard]] std::optional<std::string_view> next_iterator(std::string_view page);

}  // namespace millrace::cli::bench
