#pragma once

#include "functions/function_runner.h"
#include "functions/function_store.h"

namespace millrace::functions {

// Tells the runner of every change of the functions from now on, and of what they have reserved.
// Takes the listener of the store. The runner must outlive the store's changes.
void keep_runner_updated(FunctionStore& store, FunctionRunner& runner);

}  // namespace millrace::functions
