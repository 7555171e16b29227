// Tables, indexes and streams as resources of requests.
#pragma once

#include <string_view>

#include "access/arn_text.h"
#include "access/inquiry.h"

namespace millrace::access {

// What a request names by name or ARN. An ARN of this server's account and region is written anew,
// so that one table has one ARN; another stays as it is, and what is neither is kAnything.
class TableResource {
 public:
  TableResource(const catalog::Site& site, std::string_view name_or_arn);
  // Of the table's index.
  TableResource(const catalog::Site& site, std::string_view name_or_arn,
                std::string_view index_name);

  [[nodiscard]] std::string_view arn() const { return foreign_.empty() ? arn_.view() : foreign_; }
  // Of a table of this server, else empty. Part of the text that it was made of.
  [[nodiscard]] std::string_view table_name() const { return table_name_; }

 private:
  ArnText arn_;
  std::string_view table_name_;
  std::string_view foreign_;
};

// The same for a stream, or for anything else of DynamoDB that requests name by ARN alone.
class StreamResource {
 public:
  StreamResource(const catalog::Site& site, std::string_view arn);

  [[nodiscard]] std::string_view arn() const { return foreign_.empty() ? arn_.view() : foreign_; }

 private:
  ArnText arn_;
  std::string_view foreign_;
};

// --- questions ---

// About the table that TableName names.
[[nodiscard]] Status ask_table(Inquiry& inquiry);
// And about its items: those that Key, Item and expressions name.
[[nodiscard]] Status ask_items(Inquiry& inquiry);
// Of the index that IndexName names, or of the table.
[[nodiscard]] Status ask_items_of_source(Inquiry& inquiry);
// About the stream that StreamArn names.
[[nodiscard]] Status ask_stream(Inquiry& inquiry);
// About the one that ShardIterator reads.
[[nodiscard]] Status ask_stream_of_iterator(Inquiry& inquiry);
// About the table or stream that ResourceArn names.
[[nodiscard]] Status ask_resource_arn(Inquiry& inquiry);
// About no resource.
[[nodiscard]] Status ask_anything(Inquiry& inquiry);

}  // namespace millrace::access
