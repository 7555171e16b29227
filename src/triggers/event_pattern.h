// The patterns of FilterCriteria: which records of a stream a mapping is about (AWS Lambda
// Developer Guide, "Filter rule syntax"; the language is that of Amazon EventBridge).
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "json/document.h"

namespace millrace::triggers {

inline constexpr size_t kPatternCharactersMax = 4096;

// Immutable; a copy costs one pointer.
class EventPattern {
 public:
  // InvalidParameterValueException "Invalid filter pattern definition." for what is no pattern.
  static Result<EventPattern> compile(std::string_view text);

  // Takes a record as the function would get it. The time it takes is bounded by the product of the
  // lengths of the pattern and the record. Numbers are compared exactly, and only with numbers: the
  // value of {"N": "1"} is a string, to the service as well.
  [[nodiscard]] bool matches(json::Element record) const;

 private:
  struct Fields;
  struct Leaf;
  struct Compiler;

  explicit EventPattern(std::shared_ptr<const Fields> root) : root_(std::move(root)) {}

  std::shared_ptr<const Fields> root_;
};

}  // namespace millrace::triggers
