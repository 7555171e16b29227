#include "functions/function_lookup.h"

#include <charconv>

namespace millrace::functions {
namespace {

constexpr uint64_t kShares = 1'000'000;

// The version that takes the invocation number `draw` of kShares.
std::string_view share_of(const Alias& alias, uint64_t draw) {
  double at = static_cast<double>(draw) / static_cast<double>(kShares);
  for (const auto& [version, weight] : alias.weights) {
    if (at < weight) return version;
    at -= weight;
  }
  return alias.version;
}

template <typename ChooseVersion>
Result<FoundVersion> find(const FunctionStore& store, const catalog::Site& site,
                          std::string_view text, std::string_view qualifier,
                          const ChooseVersion& choose) {
  const FunctionName name = TRY(read_function_name(site, text, qualifier));
  FoundVersion found{store.find(name.name), nullptr, name.qualifier};
  if (!found.function) return function_not_found(site, name);
  const auto alias = found.function->aliases.find(name.qualifier);
  if (alias != found.function->aliases.end()) {
    found.version = version_of(*found.function, choose(alias->second));
  } else {
    found.version = version_of(*found.function, name.qualifier.empty() ? kLatest : name.qualifier);
  }
  if (!found.version) return function_not_found(site, name);
  return found;
}

}  // namespace

std::optional<uint64_t> version_number(std::string_view version) {
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(version.data(), version.data() + version.size(), number);
  if (error != std::errc() || end != version.data() + version.size()) return std::nullopt;
  return number;
}

FunctionVersionPointer version_of(const Function& function, std::string_view version) {
  if (version == kLatest) return function.latest;
  const auto number = version_number(version);
  if (!number) return nullptr;
  const auto found = function.published.find(*number);
  return found == function.published.end() ? nullptr : found->second;
}

Result<FoundVersion> find_version(const FunctionStore& store, const catalog::Site& site,
                                  std::string_view text, std::string_view qualifier) {
  return find(store, site, text, qualifier,
              [](const Alias& alias) -> std::string_view { return alias.version; });
}

Result<FoundVersion> choose_version(const FunctionStore& store, const catalog::Site& site,
                                    std::string_view text, std::string_view qualifier,
                                    Random& random) {
  return find(store, site, text, qualifier, [&](const Alias& alias) {
    return alias.weights.empty() ? std::string_view(alias.version)
                                 : share_of(alias, random.below(kShares));
  });
}

}  // namespace millrace::functions
