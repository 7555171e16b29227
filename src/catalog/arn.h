// Amazon Resource Names of tables and streams.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::catalog {

// Which account and region this server answers for; part of every ARN.
struct Site {
  std::string account_id = "000000000000";
  std::string region = "us-east-1";
};

[[nodiscard]] std::string table_arn(const Site& site, std::string_view table_name);
[[nodiscard]] std::string index_arn(const Site& site, std::string_view table_name,
                                    std::string_view index_name);
[[nodiscard]] std::string stream_arn(const Site& site, std::string_view table_name,
                                     std::string_view stream_label);

struct TableArn {
  std::string region;
  std::string account_id;
  std::string table_name;
};
struct StreamArn {
  std::string region;
  std::string account_id;
  std::string table_name;
  std::string stream_label;
};

// nullopt for anything that has not the form `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME`.
[[nodiscard]] std::optional<TableArn> parse_table_arn(std::string_view arn);
// nullopt for anything that has not that form followed by `/stream/LABEL`.
[[nodiscard]] std::optional<StreamArn> parse_stream_arn(std::string_view arn);

}  // namespace millrace::catalog
