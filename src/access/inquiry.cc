#include "access/inquiry.h"

#include "access/action_row.h"

namespace millrace::access {

Status Inquiry::ask(std::string_view resource, const Part& part) {
  return ask_for(action_.permission, resource, part);
}

}  // namespace millrace::access
