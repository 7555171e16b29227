// Appends JSON text to a string; commas and escapes are its business, balance is the caller's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millrace::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  // The next value belongs to `name`.
  void key(std::string_view name);

  void string(std::string_view value);
  void integer(int64_t value);
  // Seconds since 1970 with milliseconds: how the JSON protocol writes a timestamp.
  void timestamp_milliseconds(int64_t milliseconds);
  void boolean(bool value);
  void null();
  void base64(std::string_view bytes);
  // A whole value that is JSON already.
  void raw(std::string_view json);

  void member(std::string_view name, std::string_view value) { key(name), string(value); }
  void member(std::string_view name, const char* value) { key(name), string(value); }
  void member(std::string_view name, int64_t value) { key(name), integer(value); }
  void member(std::string_view name, int value) { key(name), integer(value); }
  void member(std::string_view name, bool value) { key(name), boolean(value); }

 private:
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace millrace::json
