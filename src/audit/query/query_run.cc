#include "audit/query/query_run.h"

#include <fmt/format.h>

#include "audit/query/query_functions.h"
#include "audit/query/query_tokens.h"
#include "audit/query/record_fields.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kStepsBetweenChecks = 1000;

// SQLite's own limits (sqlite.org/limits.html). A single call of a function is not interrupted, so
// that texts must be short enough for any.
struct Limit {
  int id;
  int value;
};
constexpr Limit kLimits[] = {
    {SQLITE_LIMIT_LENGTH, 512 << 10},
    {SQLITE_LIMIT_SQL_LENGTH, 256 << 10},
    {SQLITE_LIMIT_COLUMN, 200},
    {SQLITE_LIMIT_EXPR_DEPTH, 200},
    {SQLITE_LIMIT_COMPOUND_SELECT, 20},
    {SQLITE_LIMIT_VDBE_OP, 100'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 32},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 0},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

// Everything that a connection for one statement is.
class QueryConnection {
 public:
  QueryConnection(const QueryPlan& plan, const QueryLimits& limits,
                  const std::atomic<bool>& cancelled)
      : plan_(plan),
        limits_(limits),
        cancelled_(cancelled),
        deadline_(SteadyClock::now() + limits.time) {}

  Status open(const std::string& path) {
    database_ = TRY(Database::open(path, Database::Mode::kReadOnly));
    // What is sorted is kept in memory, which is bounded, and no disk is filled.
    TRY(database_.execute("PRAGMA temp_store=MEMORY; PRAGMA case_sensitive_like=ON"));
    TRY(add_query_functions(database_));
    // Their first use declares them, which the authorizer would not allow.
    TRY(database_.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')"));
    for (const EventView& view : plan_.views) TRY(add_view(view));
    TRY(database_.execute("PRAGMA query_only=ON"));
    sqlite3* handle = database_.handle();
    // A name in quotes that is none shall not become a text.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    for (const Limit& limit : kLimits) sqlite3_limit(handle, limit.id, limit.value);
    sqlite3_progress_handler(handle, kStepsBetweenChecks, is_to_stop, this);
    sqlite3_set_authorizer(handle, authorize, this);
    return Done{};
  }

  // InvalidQueryStatementException with SQLite's message.
  Status prepare() {
    const std::string& sql = plan_.query.sql;
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(database_.handle(), sql.data(),
                                        static_cast<int>(sql.size()), 0, &prepared, &rest);
    statement_.reset(prepared);
    if (code == SQLITE_OK && prepared != nullptr && sqlite3_stmt_readonly(prepared) != 0 &&
        sqlite3_column_count(prepared) > 0) {
      return Done{};
    }
    if (database_.found_damage()) return internal_error(sqlite3_errmsg(database_.handle()));
    if (!denied_.empty()) return invalid_statement(denied_);
    return invalid_statement(code == SQLITE_OK ? "it is no query"
                                               : sqlite3_errmsg(database_.handle()));
  }

  QueryOutcome run() {
    QueryOutcome outcome;
    const std::vector<std::string> names = column_names();
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement_.get())) == SQLITE_ROW) {
      outcome.rows.push_back(row(names));
      outcome.bytes += outcome.rows.back().size();
      if (outcome.rows.size() > limits_.rows_max || outcome.bytes > limits_.bytes_max) {
        fail(outcome, fmt::format("The result has more than {} rows or {} MB. Use LIMIT, or ask "
                                  "for less.",
                                  limits_.rows_max, limits_.bytes_max >> 20));
        return outcome;
      }
    }
    outcome.scanned_events =
        sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
    if (code != SQLITE_DONE) end(outcome);
    return outcome;
  }

  [[nodiscard]] bool found_damage() const { return database_.found_damage(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  enum class Stop { kNone, kCancelled, kTime, kMemory };

  Status add_view(const EventView& view) {
    std::string sql = fmt::format("CREATE TEMP VIEW \"{}\" AS {} WHERE time >= {}", view.name,
                                  select_record_fields(), view.from_milliseconds);
    if (view.sink != 0) {
      sql += fmt::format(
          " AND sinks IN (SELECT id FROM main.sink_set WHERE instr(sinks, ' {} ') > 0)", view.sink);
    }
    return database_.execute(sql);
  }

  [[nodiscard]] bool is_view(std::string_view name) const {
    for (const EventView& view : plan_.views) {
      if (view.name == name) return true;
    }
    return false;
  }

  static int authorize(void* self, int action, const char* first, const char* second,
                       const char* /*database*/, const char* inside) {
    return static_cast<QueryConnection*>(self)->allows(action, first, second, inside) ? SQLITE_OK
                                                                                      : SQLITE_DENY;
  }

  // `inside`: the view that reads it.
  bool allows(int action, const char* first, const char* second, const char* inside) {
    const std::string_view name = first != nullptr ? first : "";
    switch (action) {
      case SQLITE_SELECT:
        return true;
      case SQLITE_READ:
        if (is_view(name) || name == "json_each" || name == "json_tree") return true;
        if (inside != nullptr && is_view(inside)) return true;
        denied_ = fmt::format("no such table: {}", name);
        return false;
      case SQLITE_FUNCTION: {
        const std::string_view function = second != nullptr ? second : "";
        if (is_query_function(function)) return true;
        denied_ = fmt::format("no such function: {}", function);
        return false;
      }
      case SQLITE_RECURSIVE:
        denied_ = "it is recursive";
        return false;
      default:
        denied_ = "only SELECT is allowed";
        return false;
    }
  }

  static int is_to_stop(void* self) {
    auto* connection = static_cast<QueryConnection*>(self);
    connection->stop_ = connection->reason_to_stop();
    return connection->stop_ == Stop::kNone ? 0 : 1;
  }
  [[nodiscard]] Stop reason_to_stop() const {
    if (cancelled_) return Stop::kCancelled;
    if (SteadyClock::now() >= deadline_) return Stop::kTime;
    if (sqlite3_memory_used() > limits_.memory_bytes_max) return Stop::kMemory;
    return Stop::kNone;
  }

  [[nodiscard]] std::vector<std::string> column_names() const {
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      const char* name = sqlite3_column_name(statement_.get(), i);
      names.emplace_back(name != nullptr ? name : "");
      const auto wanted = plan_.query.column_names.find(names.back());
      if (wanted != plan_.query.column_names.end()) names.back() = wanted->second;
    }
    return names;
  }

  [[nodiscard]] std::string row(const std::vector<std::string>& names) const {
    std::string text;
    json::Writer writer(text);
    writer.begin_array();
    for (size_t i = 0; i < names.size(); ++i) {
      writer.begin_object();
      writer.key(names[i]);
      write_cell(writer, static_cast<int>(i));
      writer.end_object();
    }
    writer.end_array();
    return text;
  }

  void write_cell(json::Writer& writer, int column) const {
    sqlite3_stmt* statement = statement_.get();
    const int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) return writer.null();
    const char* declared = sqlite3_column_decltype(statement, column);
    if (type == SQLITE_INTEGER && declared != nullptr && declared == std::string_view("BOOLEAN")) {
      return writer.string(sqlite3_column_int(statement, column) != 0 ? "true" : "false");
    }
    const unsigned char* text = sqlite3_column_text(statement, column);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
    const std::string_view view(reinterpret_cast<const char*>(text), text != nullptr ? size : 0);
    if (type != SQLITE_BLOB && simdjson::validate_utf8(view.data(), view.size())) {
      return writer.string(view);
    }
    std::string hex;
    for (const char c : view) hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
    writer.string(hex);
  }

  static void fail(QueryOutcome& outcome, std::string error) {
    outcome = {};
    outcome.end = QueryOutcome::End::kFailed;
    outcome.error = std::move(error);
  }

  void end(QueryOutcome& outcome) const {
    switch (stop_) {
      case Stop::kCancelled:
        outcome = {};
        outcome.end = QueryOutcome::End::kCancelled;
        break;
      case Stop::kTime:
        outcome = {};
        outcome.end = QueryOutcome::End::kTimedOut;
        break;
      case Stop::kMemory:
        fail(outcome, "The query takes more memory than queries may. Sort or group less.");
        break;
      case Stop::kNone:
        fail(outcome, sqlite3_errmsg(database_.handle()));
        outcome.found_damage = database_.found_damage();
        break;
    }
  }

  const QueryPlan& plan_;
  const QueryLimits& limits_;
  const std::atomic<bool>& cancelled_;
  const SteadyClock::time_point deadline_;
  Stop stop_ = Stop::kNone;
  std::string denied_;  // why the statement was not allowed
  Database database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace

Status check_query(const std::string& index_path, const QueryPlan& plan) {
  const std::atomic<bool> cancelled = false;
  const QueryLimits limits;
  QueryConnection connection(plan, limits, cancelled);
  TRY(connection.open(index_path));
  return connection.prepare();
}

QueryOutcome run_query(const std::string& index_path, const QueryPlan& plan,
                       const QueryLimits& limits, const std::atomic<bool>& cancelled) {
  QueryOutcome outcome;
  QueryConnection connection(plan, limits, cancelled);
  Status prepared = connection.open(index_path);
  if (prepared.ok()) prepared = connection.prepare();
  if (!prepared.ok()) {
    outcome.end = QueryOutcome::End::kFailed;
    outcome.error = prepared.error().message;
    outcome.found_damage = connection.found_damage();
    return outcome;
  }
  return connection.run();
}

}  // namespace millrace::audit::query
