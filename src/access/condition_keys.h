// The condition keys of one question, each computed when a policy asks for it. Those of the
// principal are policy's.
#pragma once

#include "access/authorizer.h"
#include "access/inquiry.h"

namespace millrace::access {

// What they are read from. Lives as long as the question.
struct Asked {
  const Inquiry& inquiry;
  const catalog::Catalog& catalog;
  const Clock& clock;
  const Circumstances& circumstances;
  std::string_view permission;
  std::string_view resource;
  const Part& part;
};

class ConditionKeys final : public policy::RequestContext {
 public:
  explicit ConditionKeys(const Asked& asked) : asked_(asked) {}

  [[nodiscard]] std::optional<std::vector<std::string>> values(std::string_view key) const override;

 private:
  const Asked& asked_;
};

}  // namespace millrace::access
