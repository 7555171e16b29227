#include "base/error.h"

#include <array>

namespace millrace {
namespace {

struct Row {
  std::string_view name;
  std::string_view type;
  int http_status;
};

constexpr auto kRows = std::to_array<Row>({
#define MILLRACE_ERROR_ROW(name, prefix, status) {#name, prefix #name, status},
    MILLRACE_ERROR_CATALOGUE(MILLRACE_ERROR_ROW)
#undef MILLRACE_ERROR_ROW
});

const Row& row(ErrorCode code) {
  return kRows.at(static_cast<size_t>(code));
}

}  // namespace

std::string_view error_name(ErrorCode code) {
  return row(code).name;
}
std::string_view error_type(ErrorCode code) {
  return row(code).type;
}
int error_http_status(ErrorCode code) {
  return row(code).http_status;
}

}  // namespace millrace
