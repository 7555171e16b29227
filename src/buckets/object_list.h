// A page of ListObjectsV2, by pugixml.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::buckets {

struct ObjectList {
  std::vector<std::string> names;
  std::string next_token;  // of the next page; empty: there is none
};

// The answer to a request with encoding-type=url. ServiceException for what is no such list.
[[nodiscard]] Result<ObjectList> parse_object_list(ByteView xml);

}  // namespace millrace::buckets
