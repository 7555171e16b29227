// Random keys that the server makes for itself once and must find again after a restart. Stored in
// the catalog's partition.
#pragma once

#include "base/random.h"
#include "engine/engine.h"

namespace millrace::catalog {

inline constexpr char kSecretTag = 'X';

// The 32 bytes kept under `name`, made and committed when there are none. Blocks.
[[nodiscard]] Result<Bytes> load_or_create_secret(engine::Engine& engine, std::string_view name,
                                                  Random& random);

}  // namespace millrace::catalog
