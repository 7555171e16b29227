// The members of a record of CloudTrail, as columns that statements may name.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace millrace::audit::query {

struct RecordField {
  std::string_view name;        // "eventTime"
  std::string_view expression;  // over the columns of the table `event`; empty: from the record
};

[[nodiscard]] std::span<const RecordField> record_fields();
// In any case; nullptr: there is none of that name.
[[nodiscard]] const RecordField* find_record_field(std::string_view name);
// How a member inside of `field` is spelled, when it is one that every record has in the same form;
// else as it is given. Members of what clients send are theirs.
[[nodiscard]] std::string spelled(const RecordField& field, std::string_view member);

// "SELECT … AS eventTime, … FROM main.event": every field a column.
[[nodiscard]] std::string select_record_fields();

[[nodiscard]] bool equal_in_any_case(std::string_view left, std::string_view right);

}  // namespace millrace::audit::query
