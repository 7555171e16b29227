#pragma once

#include "ops/call.h"

namespace millrace::ops {

// API reference: CreateTable.
void create_table(const Call& call, Reply reply);

}  // namespace millrace::ops
