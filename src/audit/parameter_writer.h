// JSON of parameters, up to the most that a record takes of them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "json/document.h"
#include "json/writer.h"

namespace millrace::audit {

// Also of responseElements.
inline constexpr size_t kParametersBytesMax = 100 * 1024;

// Writes nothing more once it is full: what it wrote is then to be thrown away.
class ParameterWriter {
 public:
  // `out` is empty.
  explicit ParameterWriter(std::string& out) : out_(out), writer_(out) {}

  [[nodiscard]] bool full() const { return full_; }
  void set_full() { full_ = true; }

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  // With its first letter in lower case.
  void lowered_key(std::string_view name);
  void string(std::string_view value);
  void raw(std::string_view json);
  // Strings, numbers and booleans as they are; anything else as null.
  void scalar(json::Element value);

  void member(std::string_view name, std::string_view value) { key(name), string(value); }

 private:
  [[nodiscard]] bool fits(size_t bytes);

  std::string& out_;
  json::Writer writer_;
  bool full_ = false;
};

// Which names an object had already: in unchecked JSON they may repeat, and the first counts.
class NamesSeen {
 public:
  // False: it was there.
  [[nodiscard]] bool add(std::string_view name);

 private:
  static constexpr size_t kFewNames = 16;

  std::vector<std::string_view> few_;
  std::unordered_set<std::string_view> many_;
};

}  // namespace millrace::audit
