#include "ops/update_time_to_live.h"

#include "ops/input.h"
#include "ops/table_change.h"
#include "ops/table_request.h"

namespace millrace::ops {
namespace {

// The times of items that are there already come under TTL as an index's entries do.
class TimeToLiveChange final : public TableChange {
 public:
  TimeToLiveChange(const Call& call, const catalog::Table& table, std::string attribute_name,
                   bool enabled, Reply reply)
      : TableChange(call.database, table, std::move(reply)),
        catalog_(call.database.catalog),
        attribute_name_(std::move(attribute_name)),
        enabled_(enabled) {}

 private:
  Status apply(LaneBatches batches, catalog::Table& table, catalog::Change&) override {
    const auto& current = table.time_to_live;
    if (current && current->attribute_name != attribute_name_) {
      return validation_error(
          "TimeToLive is active on a different AttributeName: current AttributeName is " +
          current->attribute_name);
    }
    if (current.has_value() == enabled_) {
      return validation_error(enabled_ ? "TimeToLive is already enabled"
                                       : "TimeToLive is already disabled");
    }
    if (enabled_) {
      table.time_to_live = catalog::TimeToLive{attribute_name_, table.next_index_number++, true,
                                               catalog_.new_partition_id()};
    } else {
      drop_index(batches, current->number, current->partition);
      table.time_to_live.reset();
    }
    return Done{};
  }

  std::string response(const catalog::Table&) override {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("TimeToLiveSpecification");
    writer.begin_object();
    writer.member("AttributeName", attribute_name_);
    writer.member("Enabled", enabled_);
    writer.end_object();
    writer.end_object();
    return out;
  }

  catalog::Catalog& catalog_;
  const std::string attribute_name_;
  const bool enabled_;
};

}  // namespace

void update_time_to_live(const Call& call, Reply reply) {
  auto table = find_table_by_name(call);
  if (!table.ok()) return reply(std::move(table).error());
  const auto specification = *optional_object(call.input, "TimeToLiveSpecification");
  call.database.joint_writes.submit(std::make_unique<TimeToLiveChange>(
      call, **table, string_or_empty(specification, "AttributeName"),
      optional_boolean(specification, "Enabled").value_or(false), std::move(reply)));
}

}  // namespace millrace::ops
