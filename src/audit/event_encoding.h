// Events as the spool keeps them (docs/formats/audit.md): several to a block.
#pragma once

#include <functional>

#include "audit/event.h"
#include "base/bytes.h"

namespace millrace::audit {

void append_encoded_event(Bytes& out, const Event& event);

// A block of encoded events with its checksum.
[[nodiscard]] Bytes encode_block(ByteView events);
// Events in order, until the visitor returns false. False: the block is damaged; nothing of it has
// then been visited.
[[nodiscard]] bool decode_block(ByteView block, const std::function<bool(const Event&)>& visit);

}  // namespace millrace::audit
