#include <charconv>

#include "audit/query/operations.h"
#include "audit/query/query_request.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kPageMax = 1000;
// Rows may be large.
constexpr size_t kPageBytesMax = size_t{4} << 20;

Result<size_t> first_row_of(const QueryCall& call, const std::string& scope, size_t rows) {
  const auto position = TRY(page_token_of(call, scope));
  if (!position) return size_t{0};
  size_t first = 0;
  const char* end = position->data() + position->size();
  const auto parsed = std::from_chars(position->data(), end, first);
  if (parsed.ec != std::errc() || parsed.ptr != end || first > rows) {
    return Error{ErrorCode::kInvalidNextTokenException, "The token is not one of this query."};
  }
  return first;
}

}  // namespace

Result<std::string> get_query_results(const QueryCall& call) {
  const size_t page = TRY(page_size_of(call, "MaxQueryResults", kPageMax, kPageMax));
  const Query query = TRY(query_of(call));
  const std::string scope = "rows of " + query.id;
  const size_t total = query.state.rows ? query.state.rows->size() : 0;
  const size_t first = TRY(first_row_of(call, scope, total));

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("QueryStatus", query.state.status);
  writer.key("QueryResultRows");
  writer.begin_array();
  size_t next = first;
  while (next < total && next - first < page && out.size() < kPageBytesMax) {
    writer.raw((*query.state.rows)[next++]);
  }
  writer.end_array();
  writer.key("QueryStatistics");
  writer.begin_object();
  writer.member("ResultsCount", static_cast<int64_t>(next - first));
  writer.member("TotalResultsCount", static_cast<int64_t>(total));
  writer.end_object();
  if (next < total) writer.member("NextToken", write_page_token(scope, std::to_string(next)));
  if (!query.state.error.empty()) writer.member("ErrorMessage", error_message(query.state));
  writer.end_object();
  return out;
}

}  // namespace millrace::audit::query
