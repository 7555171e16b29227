// The Invoker over the stored functions and what runs them.
#pragma once

#include "functions/function_lookup.h"
#include "functions/function_runner.h"
#include "functions/invocation.h"

namespace millrace::functions {

// How large a payload may be, for a caller that waits and for one that does not.
inline constexpr size_t kPayloadBytesMax = 6'291'456;
inline constexpr size_t kEventPayloadBytesMax = 1'048'576;

// InvalidRequestContentException for what is not JSON; RequestTooLargeException, naming
// `invocation_type`, for more than `bytes_max`.
[[nodiscard]] Status check_payload(ByteView payload, size_t bytes_max,
                                   std::string_view invocation_type);

// Everything must outlive it.
class StoreInvoker final : public Invoker {
 public:
  // `runs_others_elsewhere`: the runner has an endpoint for functions that are not in the store.
  StoreInvoker(const FunctionStore& store, const catalog::Site& site, Random& random,
               FunctionRunner& runner, bool runs_others_elsewhere = false)
      : store_(store),
        site_(site),
        random_(random),
        runner_(runner),
        runs_others_elsewhere_(runs_others_elsewhere) {}

  void invoke(InvokeRequest request, InvokeDone done) override;

 private:
  [[nodiscard]] Result<FunctionVersionPointer> admit(InvokeRequest& request) const;
  [[nodiscard]] Result<FunctionVersionPointer> elsewhere(InvokeRequest& request) const;

  const FunctionStore& store_;
  const catalog::Site site_;
  Random& random_;
  FunctionRunner& runner_;
  const bool runs_others_elsewhere_;
};

}  // namespace millrace::functions
