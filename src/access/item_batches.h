// Requests for items of several tables, and statements: one question for each table, action or
// statement.
#pragma once

#include "access/inquiry.h"

namespace millrace::access {

[[nodiscard]] Status ask_batch_get(Inquiry& inquiry);
[[nodiscard]] Status ask_batch_write(Inquiry& inquiry);
// TransactItems, of reads or writes.
[[nodiscard]] Status ask_transaction(Inquiry& inquiry);

// A statement that is not well formed is nothing to ask about: the operation refuses it for
// everybody.
[[nodiscard]] Status ask_statement(Inquiry& inquiry);
[[nodiscard]] Status ask_batch_statements(Inquiry& inquiry);
[[nodiscard]] Status ask_transact_statements(Inquiry& inquiry);

}  // namespace millrace::access
