#include "functions/function_configuration.h"
#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/page.h"

namespace millrace::functions {
namespace {

// A marker is the last function shown, and, of a list of all versions, ":" and the last version of
// it, 0 for $LATEST.
struct Place {
  std::string name;
  std::optional<uint64_t> version;
};

Place read_marker(const std::string& marker) {
  const size_t colon = marker.find(':');
  if (colon == std::string::npos) return {marker, std::nullopt};
  return {marker.substr(0, colon), version_number(std::string_view(marker).substr(colon + 1))};
}

class Page {
 public:
  Page(const FunctionApi& api, size_t items_max) : api_(api), items_max_(items_max) {
    writer_.begin_object();
    writer_.key("Functions");
    writer_.begin_array();
  }

  // False when the page is full, and nothing was added.
  bool add(const FunctionVersion& version, bool qualified, std::string marker) {
    if (items_ == items_max_) {
      more_ = true;
      return false;
    }
    ++items_;
    write_configuration(
        writer_, version,
        function_arn(api_.site, version.name, qualified ? std::string_view(version.version) : ""));
    marker_ = std::move(marker);
    return true;
  }

  // $LATEST and the published versions, those above `after` if there is one.
  bool add_versions(const Function& function, std::optional<uint64_t> after) {
    if (!after && !add(*function.latest, true, function.name + ":0")) return false;
    for (auto at = function.published.upper_bound(after.value_or(0));
         at != function.published.end(); ++at) {
      if (!add(*at->second, true, function.name + ":" + std::to_string(at->first))) return false;
    }
    return true;
  }

  std::string finish() {
    writer_.end_array();
    write_next_marker(writer_, more_, marker_);
    writer_.end_object();
    return std::move(text_);
  }

 private:
  const FunctionApi& api_;
  const size_t items_max_;
  std::string text_;
  json::Writer writer_{text_};
  size_t items_ = 0;
  std::string marker_;
  bool more_ = false;
};

}  // namespace

Result<std::string> list_functions(FunctionApi& api, const api::Request& request) {
  if (optional_text(request.input, "MasterRegion")) return not_supported("MasterRegion");
  const bool all_versions = optional_text(request.input, "FunctionVersion").has_value();
  const Place after = read_marker(text_or_empty(request.input, "Marker"));
  const size_t items = page_items(request.input);
  Page page(api, items);
  if (all_versions && after.version) {
    const FunctionPointer begun = api.store.find(after.name);
    if (begun && !page.add_versions(*begun, after.version)) return page.finish();
  }
  for (const FunctionPointer& function : api.store.list(after.name, items + 1)) {
    const bool room = all_versions ? page.add_versions(*function, std::nullopt)
                                   : page.add(*function->latest, false, function->name);
    if (!room) break;
  }
  return page.finish();
}

}  // namespace millrace::functions
