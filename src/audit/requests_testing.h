// Requests for tests of how they are described.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audit/request_description.h"
#include "engine/engine.h"

namespace millrace::audit {

// A catalog with the table Music, whose key is Artist and SongTitle, and its index ByYear, with the
// keys Year and Artist; and the table numbers, whose key is the number id.
class DescribedRequests {
 public:
  DescribedRequests();

  [[nodiscard]] const catalog::Catalog& catalog() const { return *catalog_; }
  // Of an operation of DynamoDB unless told otherwise.
  [[nodiscard]] std::string parameters(std::string_view operation, std::string_view input,
                                       std::string_view model = "dynamodb") const;
  // "TYPE ARN" of each.
  [[nodiscard]] std::vector<std::string> resources(std::string_view operation,
                                                   std::string_view input,
                                                   std::string_view model = "dynamodb") const;

 private:
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<catalog::Catalog> catalog_;
};

}  // namespace millrace::audit
