// One call of a function that is elsewhere.
#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

#include "functions/function.h"
#include "functions/invocation.h"
#include "functions/settings.h"

namespace millrace::functions {

// For one thread. Stays where it is while the call is under way: libcurl points into it.
struct RemoteCall {
  RemoteCall(const FunctionVersion& version, const std::string& endpoint,
             const FunctionSettings& settings, InvokeRequest invoke_request,
             InvokeDone invoke_done);
  ~RemoteCall();
  RemoteCall(const RemoteCall&) = delete;
  RemoteCall& operator=(const RemoteCall&) = delete;

  // What the call has come to.
  [[nodiscard]] Result<InvokeAnswer> answer(CURLcode code) const;

  CURL* const curl;
  curl_slist* headers = nullptr;
  const InvokeRequest request;
  const InvokeDone done;
  const int64_t timeout_seconds;
  const std::string function;

  // Of the response.
  Bytes body;
  bool too_large = false;
  std::string function_error;
  std::string executed_version;
  std::string log_result;
  std::string request_id;
};

}  // namespace millrace::functions
