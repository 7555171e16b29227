// The one result type: a value or an Error. Nothing in this program throws across a module.
#pragma once

#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace millrace {

template <typename T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Asserts ok().
  T& value() & { return checked_value(); }
  const T& value() const& { return const_cast<Result*>(this)->checked_value(); }
  T&& value() && { return std::move(checked_value()); }
  T& operator*() & { return checked_value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(checked_value()); }
  T* operator->() { return &checked_value(); }
  const T* operator->() const { return &value(); }

  // Asserts !ok().
  Error& error() & { return checked_error(); }
  const Error& error() const& { return const_cast<Result*>(this)->checked_error(); }
  Error&& error() && { return std::move(checked_error()); }

 private:
  T& checked_value() {
    T* value = std::get_if<0>(&state_);
    MILLRACE_CHECK(value != nullptr);
    return *value;
  }
  Error& checked_error() {
    Error* error = std::get_if<1>(&state_);
    MILLRACE_CHECK(error != nullptr);
    return *error;
  }

  std::variant<T, Error> state_;
};

struct Done {
  friend bool operator==(Done, Done) = default;
};
// A result without a value. `return Done{};` is success.
using Status = Result<Done>;

}  // namespace millrace

// The value of a Result, or a return of its error from the enclosing function:
//   auto table = TRY(catalog.find(name));
#define TRY(...) MILLRACE_TRY(MILLRACE_JOIN(try_result_, __COUNTER__), __VA_ARGS__)
#define MILLRACE_JOIN(left, right) MILLRACE_JOIN_EXPANDED(left, right)
#define MILLRACE_JOIN_EXPANDED(left, right) left##right
#define MILLRACE_TRY(result, ...)                       \
  (__extension__({                                      \
    auto result = (__VA_ARGS__);                        \
    if (!result.ok()) return std::move(result).error(); \
    std::move(result).value();                          \
  }))
