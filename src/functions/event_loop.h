// The one thread on which instances live: their processes, connections, logs and timers.
#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

namespace millrace::functions {

// Shared by what may still post to it after it has stopped, which does nothing then.
using EventLoop = boost::asio::io_context;
using EventLoopPointer = std::shared_ptr<EventLoop>;

}  // namespace millrace::functions
