#pragma once

namespace millrace::audit::query {

// Names the calling thread and lets others go first: what happens in the background shall not slow
// requests. `name` has at most 15 characters.
void enter_background(const char* name);

}  // namespace millrace::audit::query
