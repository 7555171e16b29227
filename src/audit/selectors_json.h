// Event selectors as the CloudTrail API has them in its requests and answers, and as they are
// stored.
#pragma once

#include <optional>
#include <vector>

#include "audit/selectors.h"
#include "base/result.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::audit {

// An event data store may look at more fields of management events than a trail.
enum class SelectorOwner : uint8_t { kTrail, kEventDataStore };

// Of a request: the JSON types are right. InvalidEventSelectorsException for what the service does
// not take, or this server has no events for.
[[nodiscard]] Result<std::vector<BasicSelector>> read_basic_selectors(json::Array selectors);
[[nodiscard]] Result<std::vector<AdvancedSelector>> read_advanced_selectors(
    json::Array selectors, SelectorOwner owner = SelectorOwner::kEventDataStore);

// An array, with every member that basic selectors have.
void write_basic_selectors(json::Writer& writer, const std::vector<BasicSelector>& selectors);
// An array, with the operators that are given.
void write_advanced_selectors(json::Writer& writer, const std::vector<AdvancedSelector>& selectors);

// What was written as above, without the checks of a request; nullopt: it was not.
[[nodiscard]] std::optional<std::vector<BasicSelector>> parse_basic_selectors(json::Array array);
[[nodiscard]] std::optional<std::vector<AdvancedSelector>> parse_advanced_selectors(
    json::Array array);

}  // namespace millrace::audit
