#include "cli/trail/query_commands.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/client/flags.h"
#include "cli/stream/time_text.h"
#include "cli/trail/query.h"
#include "cli/trail/who.h"

namespace millrace::cli::trail {
namespace {

std::string check_time(const std::string& text) {
  if (stream::parse_time(text, 0)) return {};
  return "'" + text + "' is no time such as 2026-11-21T10:00:00Z or 10m";
}

// Prints what `make` makes of the answers of the server.
template <typename Make>
Status print(const TrailFlags& flags, Make make) {
  const Connection connection = TRY(find_connection(flags.connection, process_environment()));
  const SystemClock clock;
  ServiceClient client(connection, clock);
  fmt::print("{}", TRY(make(client, clock)));
  return Done{};
}

void add_query(CLI::App& trail, TrailFlags& flags) {
  auto options = std::make_shared<QueryOptions>();
  CLI::App* query = trail.add_subcommand("query", "Ask the events of the trail with SQL");
  query
      ->add_option("STATEMENT", options->statement,
                   "SELECT eventTime, userIdentity.arn, … [FROM …] WHERE …")
      ->required();
  query->add_option("--event-data-store", options->event_data_store,
                    "Whose events a statement without FROM reads (all)");
  const std::map<std::string, RowFormat> formats = {
      {"table", RowFormat::kTable}, {"json", RowFormat::kJson}, {"csv", RowFormat::kCsv}};
  query->add_option("--format", options->format, "table (default), json (an object a line) or csv")
      ->transform(CLI::CheckedTransformer(formats).description(""));
  add_connection_flags(*query, flags.connection);
  query->final_callback([&flags, options] {
    flags.run = [&flags, options] {
      return print(flags, [&](ServiceClient& client, const Clock& /*clock*/) {
        return query_text(client, *options);
      });
    };
  });
}

void add_who(CLI::App& trail, TrailFlags& flags) {
  auto options = std::make_shared<WhoOptions>();
  CLI::App* who = trail.add_subcommand("who", "List the requests that named an item");
  who->add_option("TABLE", options->table, "Of the item")->required();
  who->add_option("--key", options->key, R"(Of the item: {"id":{"S":"id-1"}})")->required();
  who->add_option("--since", options->since,
                  "A time (2026-11-21T10:00:00Z), or so long ago (10m); all without it")
      ->check(CLI::Validator(check_time, ""));
  const std::map<std::string, bool> formats = {{"table", false}, {"json", true}};
  who->add_option("--format", options->as_json,
                  "table (default) or json: an event a line, with its stream records")
      ->transform(CLI::CheckedTransformer(formats).description(""));
  add_connection_flags(*who, flags.connection);
  who->final_callback([&flags, options] {
    flags.run = [&flags, options] {
      return print(flags, [&](ServiceClient& client, const Clock& clock) {
        return who_text(client, clock, *options);
      });
    };
  });
}

}  // namespace

void add_query_commands(CLI::App& trail, TrailFlags& flags) {
  add_query(trail, flags);
  add_who(trail, flags);
}

}  // namespace millrace::cli::trail
