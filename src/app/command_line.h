#pragma once

namespace millrace::app {

// Runs the subcommand that the arguments name. Returns the exit status: 0, 1 for a failure, 2 for
// arguments that are not understood.
int run_command_line(int argc, char** argv);

}  // namespace millrace::app
