#include "audit/query/event_index.h"

#include <filesystem>

#include <fmt/format.h>

#include "audit/event_json.h"
#include "audit/query/indexed_items.h"
#include "base/log.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr int64_t kVersion = 1;
constexpr int kTrimEvents = 5000;
constexpr int kBucketBits = 18;
constexpr int64_t kDayMilliseconds = int64_t{24} * 60 * 60 * 1000;

// Indexes cost every insertion, so data events are in none but that of items. What is long comes
// last: columns before it are read without it.
constexpr const char* kSchema = R"(
CREATE TABLE event(
  number INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  management BOOLEAN NOT NULL,
  read_only BOOLEAN NOT NULL,
  sinks INTEGER NOT NULL,
  id TEXT, name TEXT, source TEXT, access_key_id TEXT, request_id TEXT, error_code TEXT,
  resources TEXT,
  record TEXT NOT NULL);
CREATE INDEX management_event_times ON event(time, number) WHERE management;
CREATE INDEX management_event_ids ON event(id) WHERE management;
CREATE TABLE item_event(
  bucket INTEGER, item INTEGER, number INTEGER,
  PRIMARY KEY(bucket, item, number)) WITHOUT ROWID;
CREATE TABLE sink_set(id INTEGER PRIMARY KEY, sinks TEXT NOT NULL UNIQUE);
CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
)";

constexpr const char* kSettings = R"(
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
PRAGMA wal_autocheckpoint=2000;
PRAGMA journal_size_limit=67108864;
PRAGMA cache_size=-32768;
)";

// Of management events alone: the resources of others are in their records.
std::string resources_text(const Event& event) {
  if (event.category != Category::kManagement || event.resources.empty()) return {};
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  for (const Resource& resource : event.resources) {
    writer.begin_object();
    writer.member("type", resource.type);
    writer.member("ARN", resource.arn);
    writer.end_object();
  }
  writer.end_array();
  return text;
}

void move_aside(const std::string& path) {
  std::error_code ignored;
  std::filesystem::rename(path, path + ".damaged", ignored);
  std::filesystem::remove(path + "-wal", ignored);
  std::filesystem::remove(path + "-shm", ignored);
}

}  // namespace

std::string sink_set_text(const std::vector<SinkId>& sinks) {
  return fmt::format(" {} ", fmt::join(sinks, " "));
}

int64_t item_bucket(EventNumber number) {
  return static_cast<int64_t>(number >> kBucketBits);
}

Result<EventIndex> EventIndex::open(const std::string& path, const catalog::Catalog& catalog) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  EventIndex index(path, catalog);
  Status loaded = index.load();
  if (!loaded.ok()) {
    if (!index.found_damage()) return loaded.error();
    TRY(index.replace());
  }
  return index;
}

Status EventIndex::replace() {
  log::error("the audit index is damaged: it is moved aside, and begins anew",
             {{"path", path_}, {"error", sqlite3_errmsg(database_.handle())}});
  transaction_.reset();
  insert_event_ = Statement();
  insert_item_ = Statement();
  insert_sink_set_ = Statement();
  set_state_ = Statement();
  database_ = Database();
  move_aside(path_);
  return load();
}

Status EventIndex::load() {
  database_ = TRY(Database::open(path_, Database::Mode::kReadWrite));
  if (TRY(database_.read_integer("SELECT count(*) FROM sqlite_master")) == 0) {
    TRY(database_.execute("PRAGMA page_size=8192"));
    TRY(database_.execute(kSettings));
    TRY(begin());
    TRY(database_.execute(kSchema));
    TRY(database_.execute(fmt::format("PRAGMA user_version={}", kVersion)));
    TRY(transaction_->commit());
    transaction_.reset();
  }
  TRY(database_.execute(kSettings));
  const int64_t version = TRY(database_.read_integer("PRAGMA user_version"));
  if (version != kVersion) {
    return Error{ErrorCode::kInvalidConfiguration,
                 fmt::format("{} is of version {}, and this is {}: remove it, and it is made anew "
                             "of the events to come",
                             path_, version, kVersion)};
  }
  return prepare_statements();
}

Status EventIndex::prepare_statements() {
  // OR REPLACE: numbers that a restored spool gives again.
  insert_event_ = TRY(database_.prepare(
      "INSERT OR REPLACE INTO event VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)"));
  insert_item_ = TRY(database_.prepare("INSERT OR IGNORE INTO item_event VALUES(?1,?2,?3)"));
  insert_sink_set_ = TRY(database_.prepare("INSERT INTO sink_set VALUES(?1,?2)"));
  set_state_ = TRY(database_.prepare("INSERT OR REPLACE INTO state VALUES(?1,?2)"));
  return load_sink_sets();
}

Status EventIndex::load_sink_sets() {
  sink_sets_.clear();
  sink_set_of_sinks_.clear();
  Statement sets = TRY(database_.prepare("SELECT id, sinks FROM sink_set"));
  while (TRY(sets.step())) sink_sets_.emplace(sets.text(1), sets.integer(0));
  sink_sets_known_ = true;
  return Done{};
}

Result<std::optional<EventNumber>> EventIndex::next() {
  Statement state = TRY(database_.prepare("SELECT value FROM state WHERE name='next'"));
  if (!TRY(state.step())) return std::optional<EventNumber>();
  return std::optional(static_cast<EventNumber>(state.integer(0)));
}

Status EventIndex::restart_at(EventNumber next) {
  TRY(begin());
  TRY(database_.execute(fmt::format("DELETE FROM event WHERE number >= {}", next)));
  TRY(database_.execute(fmt::format("DELETE FROM item_event WHERE number >= {}", next)));
  return commit(next);
}

Status EventIndex::begin() {
  // What was not committed has taken its sets with it.
  if (transaction_.has_value()) sink_sets_known_ = false;
  transaction_.reset();
  if (!sink_sets_known_) TRY(load_sink_sets());
  transaction_.emplace(TRY(Transaction::begin(database_)));
  return Done{};
}

Result<int64_t> EventIndex::sink_set_of(const std::vector<SinkId>& sinks) {
  const auto known = sink_set_of_sinks_.find(sinks);
  if (known != sink_set_of_sinks_.end()) return known->second;
  const std::string text = sink_set_text(sinks);
  auto stored = sink_sets_.find(text);
  if (stored == sink_sets_.end()) {
    const auto id = static_cast<int64_t>(sink_sets_.size()) + 1;
    insert_sink_set_.bind(1, id);
    insert_sink_set_.bind(2, text);
    TRY(insert_sink_set_.run());
    stored = sink_sets_.emplace(text, id).first;
  }
  sink_set_of_sinks_.emplace(sinks, stored->second);
  return stored->second;
}

Status EventIndex::add(EventNumber number, const Event& event) {
  const int64_t sink_set = TRY(sink_set_of(event.sinks));
  const std::string resources = resources_text(event);
  record_.clear();
  append_event_json(record_, catalog_->site(), event);
  const auto signed_number = static_cast<int64_t>(number);
  insert_event_.bind(1, signed_number);
  insert_event_.bind(2, event.time_milliseconds);
  insert_event_.bind(3, int64_t{event.category == Category::kManagement});
  insert_event_.bind(4, int64_t{event.read_only});
  insert_event_.bind(5, sink_set);
  insert_event_.bind_text_or_null(6, event.event_id);
  insert_event_.bind_text_or_null(7, event.event_name);
  insert_event_.bind_text_or_null(8, event.event_source);
  insert_event_.bind_text_or_null(9, event.identity.access_key_id);
  insert_event_.bind_text_or_null(10, event.request_id);
  insert_event_.bind_text_or_null(11, event.error_code);
  insert_event_.bind_text_or_null(12, resources);
  insert_event_.bind(13, record_);
  TRY(insert_event_.run());
  if (event.category == Category::kManagement) return Done{};
  for (const int64_t item : items_of(*catalog_, event.request_parameters_json)) {
    insert_item_.bind(1, item_bucket(number));
    insert_item_.bind(2, item);
    insert_item_.bind(3, signed_number);
    TRY(insert_item_.run());
  }
  return Done{};
}

Status EventIndex::set_state(std::string_view name, int64_t value) {
  set_state_.bind(1, name);
  set_state_.bind(2, value);
  return set_state_.run();
}

Status EventIndex::commit(EventNumber next) {
  MILLRACE_CHECK(transaction_.has_value());
  TRY(set_state("next", static_cast<int64_t>(next)));
  TRY(transaction_->commit());
  transaction_.reset();
  return Done{};
}

Status EventIndex::sync() {
  TRY(database_.execute("PRAGMA synchronous=FULL"));
  Status synced = database_.execute(
      "INSERT OR REPLACE INTO state VALUES"
      "('syncs', 1 + coalesce((SELECT value FROM state WHERE name='syncs'), 0))");
  TRY(database_.execute("PRAGMA synchronous=NORMAL"));
  return synced;
}

Result<int64_t> EventIndex::bytes() {
  const int64_t pages = TRY(database_.read_integer("PRAGMA page_count"));
  const int64_t unused = TRY(database_.read_integer("PRAGMA freelist_count"));
  return (pages - unused) * TRY(database_.read_integer("PRAGMA page_size"));
}

Result<bool> EventIndex::trim_some(const IndexBounds& bounds, int64_t now_milliseconds) {
  int64_t removed = TRY(remove_old(now_milliseconds - bounds.days * kDayMilliseconds));
  if (TRY(bytes()) > bounds.bytes_max) removed += TRY(remove_oldest());
  return removed > 0;
}

// Removes the events whose numbers `chosen` selects, and what is said of items before the first
// event that is left.
Result<int64_t> EventIndex::remove(std::string_view chosen) {
  TRY(begin());
  TRY(database_.execute(fmt::format("DELETE FROM event WHERE number IN ({})", chosen)));
  const int64_t removed = sqlite3_changes64(database_.handle());
  if (removed > 0) {
    const int64_t first = TRY(database_.read_integer(
        "SELECT coalesce((SELECT min(number) FROM event WHERE NOT management AND number >= "
        "coalesce((SELECT value FROM state WHERE name='data_from'), 0)), "
        "(SELECT value FROM state WHERE name='next'), 0)"));
    TRY(set_state("data_from", first));
    TRY(database_.execute(fmt::format("DELETE FROM item_event WHERE bucket < {}",
                                      item_bucket(static_cast<EventNumber>(first)))));
  }
  TRY(transaction_->commit());
  transaction_.reset();
  return removed;
}

Result<int64_t> EventIndex::remove_old(int64_t before_milliseconds) {
  return remove(
      fmt::format("SELECT number FROM (SELECT number, time FROM event ORDER BY number LIMIT {}) "
                  "WHERE time < {}",
                  kTrimEvents, before_milliseconds));
}

Result<int64_t> EventIndex::remove_oldest() {
  const int64_t removed = TRY(remove(fmt::format(
      "SELECT number FROM event WHERE NOT management AND number >= "
      "coalesce((SELECT value FROM state WHERE name='data_from'), 0) ORDER BY number LIMIT {}",
      kTrimEvents)));
  if (removed > 0) return removed;
  return remove(fmt::format("SELECT number FROM event ORDER BY number LIMIT {}", kTrimEvents));
}

}  // namespace millrace::audit::query
