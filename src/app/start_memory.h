// What a server needs only to start.
#pragma once

namespace millrace::app {

// Takes the pages of the program and its libraries out of the process. What is used again comes
// back from their files, most often from the system's cache of them.
void release_start_pages();

}  // namespace millrace::app
