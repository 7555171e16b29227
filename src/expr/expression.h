// DynamoDB's expressions (Developer Guide, "Using expressions in DynamoDB"). Parsing looks only at
// the text, so that a parsed expression can be kept and used again; binding resolves `#name` and
// `:value` against one request; evaluation reads an item.
//
// All errors are ValidationException with the service's message, which begins with
// "Invalid <parameter>: " where <parameter> is for instance "ConditionExpression".
// Parsed and bound expressions are immutable and may be shared between threads.
#pragma once

#include "expr/condition.h"       // IWYU pragma: export
#include "expr/key_condition.h"   // IWYU pragma: export
#include "expr/path.h"            // IWYU pragma: export
#include "expr/placeholders.h"    // IWYU pragma: export
#include "expr/projection.h"      // IWYU pragma: export
#include "expr/reserved_words.h"  // IWYU pragma: export
#include "expr/update.h"          // IWYU pragma: export
