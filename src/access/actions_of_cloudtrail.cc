#include <array>

#include "access/action_row.h"
#include "access/operation_names.h"
#include "access/passed_role.h"
#include "access/table_resources.h"
#include "access/trail_resources.h"
#include "audit/query/query_rewrite.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

std::string_view text_of(const Inquiry& inquiry, std::string_view member) {
  return ops::optional_string(inquiry.input(), member).value_or("");
}

template <const char* member>
Status ask_trail(Inquiry& inquiry) {
  return inquiry.ask(trail_resource(inquiry.site(), text_of(inquiry, member)));
}
constexpr char kName[] = "Name";
constexpr char kTrailName[] = "TrailName";

// The role with which logs are delivered is handed to the service.
Status ask_trail_and_role(Inquiry& inquiry) {
  TRY(ask_trail<kName>(inquiry));
  return ask_pass_role(inquiry, text_of(inquiry, "CloudWatchLogsRoleArn"),
                       "cloudtrail.amazonaws.com");
}

Status ask_create_trail(Inquiry& inquiry) {
  TRY(ask_trail_and_role(inquiry));
  if (ops::objects_of(inquiry.input(), "TagsList").empty()) return Done{};
  return inquiry.ask_for("cloudtrail:AddTags",
                         trail_resource(inquiry.site(), text_of(inquiry, "Name")), {});
}

Status ask_store_called(Inquiry& inquiry, std::string_view id) {
  return inquiry.ask(event_data_store_resource(inquiry.site(), id));
}

// A request that names none is one about all.
Status ask_store(Inquiry& inquiry) {
  const std::string_view id = text_of(inquiry, "EventDataStore");
  return ask_store_called(inquiry, id.empty() ? kAnything : id);
}

Status ask_create_store(Inquiry& inquiry) {
  TRY(ask_store_called(inquiry, kAnything));
  if (ops::objects_of(inquiry.input(), "TagsList").empty()) return Done{};
  return inquiry.ask_for("cloudtrail:AddTags", event_data_store_resource(inquiry.site(), kAnything),
                         {});
}

Status ask_trail_or_store(Inquiry& inquiry) {
  return json::member(inquiry.input(), "EventDataStore") ? ask_store(inquiry)
                                                         : ask_trail<kTrailName>(inquiry);
}

// Those that its FROM names. A statement that is none is refused by the operation.
Status ask_query(Inquiry& inquiry) {
  if (json::member(inquiry.input(), "EventDataStore")) TRY(ask_store(inquiry));
  const auto query = audit::query::rewrite_query(text_of(inquiry, "QueryStatement"));
  if (!query.ok() || query->stores.empty()) return ask_store_called(inquiry, kAnything);
  for (const std::string& id : query->stores) {
    TRY(ask_store_called(inquiry, id == audit::query::kAllEvents ? kAnything : id));
  }
  return Done{};
}

Status ask_tagged(Inquiry& inquiry, std::string_view name) {
  return inquiry.ask(name.find(":eventdatastore/") == std::string_view::npos
                         ? trail_resource(inquiry.site(), name)
                         : event_data_store_resource(inquiry.site(), name));
}

Status ask_resource_id(Inquiry& inquiry) {
  return ask_tagged(inquiry, text_of(inquiry, "ResourceId"));
}

Status ask_resource_ids(Inquiry& inquiry) {
  json::Array ids;
  const auto member = json::member(inquiry.input(), "ResourceIdList");
  if (!member || member->get(ids) != simdjson::SUCCESS) return inquiry.ask(kAnything);
  for (const json::Element element : ids) {
    std::string_view id;
    TRY(ask_tagged(inquiry, element.get(id) == simdjson::SUCCESS ? id : ""));
  }
  return Done{};
}

constexpr auto kRows = std::to_array<Action>({
    row("cloudtrail:AddTags", ask_resource_id),
    row("cloudtrail:CancelQuery", ask_store),
    row("cloudtrail:CreateEventDataStore", ask_create_store),
    row("cloudtrail:CreateTrail", ask_create_trail),
    row("cloudtrail:DeleteEventDataStore", ask_store),
    row("cloudtrail:DeleteTrail", ask_trail<kName>),
    row("cloudtrail:DescribeQuery", ask_store),
    row("cloudtrail:DescribeTrails", ask_anything),
    row("cloudtrail:GetEventDataStore", ask_store),
    row("cloudtrail:GetEventSelectors", ask_trail<kTrailName>),
    row("cloudtrail:GetInsightSelectors", ask_trail_or_store),
    row("cloudtrail:GetQueryResults", ask_store),
    row("cloudtrail:GetTrail", ask_trail<kName>),
    row("cloudtrail:GetTrailStatus", ask_trail<kName>),
    row("cloudtrail:ListEventDataStores", ask_anything),
    row("cloudtrail:ListPublicKeys", ask_anything),
    row("cloudtrail:ListQueries", ask_store),
    row("cloudtrail:ListTags", ask_resource_ids),
    row("cloudtrail:ListTrails", ask_anything),
    row("cloudtrail:LookupEvents", ask_anything),
    row("cloudtrail:PutEventSelectors", ask_trail<kTrailName>),
    row("cloudtrail:PutInsightSelectors", ask_trail_or_store),
    row("cloudtrail:RemoveTags", ask_resource_id),
    row("cloudtrail:RestoreEventDataStore", ask_store),
    row("cloudtrail:StartEventDataStoreIngestion", ask_store),
    row("cloudtrail:StartLogging", ask_trail<kName>),
    row("cloudtrail:StartQuery", ask_query),
    row("cloudtrail:StopEventDataStoreIngestion", ask_store),
    row("cloudtrail:StopLogging", ask_trail<kName>),
    row("cloudtrail:UpdateEventDataStore", ask_store),
    row("cloudtrail:UpdateTrail", ask_trail_and_role),
});
static_assert(are_rows_of(kRows, kCloudtrailOperations),
              "an operation of the model of cloudtrail has no row, or a row no operation");

}  // namespace

std::span<const Action> cloudtrail_actions() {
  return kRows;
}

}  // namespace millrace::access
