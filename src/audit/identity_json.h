// CloudTrail's userIdentity (User Guide, "CloudTrail userIdentity element").
#pragma once

#include <string>
#include <string_view>

#include "audit/event.h"
#include "catalog/arn.h"
#include "json/writer.h"

namespace millrace::audit {

// The value, an object, with a writer to `out`.
void write_identity(json::Writer& writer, std::string& out, const catalog::Site& site,
                    const Identity& identity);
// `userIdentity.arn`; empty: it has none.
[[nodiscard]] std::string identity_arn(const catalog::Site& site, const Identity& identity);
// The account in an ARN; empty: it has none.
[[nodiscard]] std::string_view account_of_arn(std::string_view arn);

}  // namespace millrace::audit
