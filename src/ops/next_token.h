// NextToken of a PartiQL read: where the next page begins. It carries all that is needed, so the
// server keeps nothing for it and it outlives a restart; a signature binds it to the statement.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "model/attribute_value.h"

namespace millrace::ops {

// `request` is whatever must be the same when the token comes back; `last_key` the primary key of
// the last item that was looked at.
[[nodiscard]] std::string write_next_token(ByteView request, const Item& last_key, ByteView secret);

// The last key. ValidationException for a token that was not written for that request.
[[nodiscard]] Result<Item> read_next_token(std::string_view token, ByteView request,
                                           ByteView secret);

}  // namespace millrace::ops
