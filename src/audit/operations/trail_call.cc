#include "audit/operations/trail_call.h"

#include <fmt/format.h>

#include "audit/trail_name.h"
#include "json/scalar.h"

namespace millrace::audit {
namespace {

std::optional<std::string> text_of(json::Element element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

}  // namespace

std::optional<std::string> text_of(const TrailCall& call, std::string_view name) {
  const auto member = json::member(call.input, name);
  return member ? text_of(*member) : std::nullopt;
}

std::optional<bool> flag_of(const TrailCall& call, std::string_view name) {
  const auto member = json::member(call.input, name);
  return member ? json::to_boolean(*member) : std::nullopt;
}

std::optional<json::Array> array_of(const TrailCall& call, std::string_view name) {
  const auto member = json::member(call.input, name);
  json::Array array;
  if (!member || member->get(array) != simdjson::SUCCESS) return std::nullopt;
  return array;
}

std::vector<std::string> texts_of(const TrailCall& call, std::string_view name) {
  std::vector<std::string> texts;
  const auto array = array_of(call, name);
  if (!array) return texts;
  for (const json::Element element : *array) {
    if (auto text = text_of(element)) texts.push_back(*std::move(text));
  }
  return texts;
}

Result<std::string> named_trail(const TrailCall& call, std::string_view member) {
  return trail_name_of(call.services.site, text_of(call, member).value_or(""));
}

Result<TrailPointer> find_trail(const TrailCall& call, std::string_view member) {
  const std::string name = TRY(named_trail(call, member));
  TrailPointer trail = call.services.store.find(name);
  if (trail == nullptr) return trail_not_found(call.services.site, name);
  return trail;
}

Error trail_not_found(const catalog::Site& site, std::string_view name) {
  return {ErrorCode::kTrailNotFoundException, fmt::format("Unknown trail: {} for the user: {}",
                                                          trail_arn(site, name), site.account_id)};
}

void edit_trail(const TrailServices& services, const std::string& name, TrailEdit edit,
                TrailAnswer answer, api::Reply reply) {
  const auto change = [&site = services.site, name,
                       edit = std::move(edit)](const TrailPointer& before) -> Result<TrailPointer> {
    if (before == nullptr) return trail_not_found(site, name);
    Trail trail = *before;
    TRY(edit(trail));
    return std::make_shared<const Trail>(std::move(trail));
  };
  services.store.change(
      name, change,
      [answer = std::move(answer), reply = std::move(reply)](Result<TrailPointer> now) {
        if (!now.ok()) return reply(std::move(now).error());
        reply(answer(**now));
      });
}

std::string empty_answer() {
  return "{}";
}

}  // namespace millrace::audit
