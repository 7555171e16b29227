// The text of Fn::Sub: "arn:${AWS::Partition}:${Name}-${!Literal}".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace millrace::cli::deploy {

struct SubPart {
  std::string text;
  bool is_name = false;  // "Table.Arn" of "${Table.Arn}"; else text as it is
};

[[nodiscard]] std::vector<SubPart> split_substitution(std::string_view text);

}  // namespace millrace::cli::deploy
