#include "access/table_resources.h"

#include "ops/input.h"

namespace millrace::access {
namespace {

std::string_view text_of(const Inquiry& inquiry, std::string_view member) {
  return ops::optional_string(inquiry.input(), member).value_or("");
}

template <typename Arn>
bool is_here(const catalog::Site& site, const Arn& arn) {
  return arn.region == site.region && arn.account_id == site.account_id;
}

// What goes by its ARN to the service, though it is not this server's.
std::string_view as_given(std::string_view arn) {
  return arn.starts_with("arn:") ? arn : kAnything;
}

}  // namespace

TableResource::TableResource(const catalog::Site& site, std::string_view name_or_arn)
    : arn_(site, "dynamodb"), table_name_(name_or_arn) {
  if (name_or_arn.empty()) {
    foreign_ = kAnything;
  } else if (name_or_arn.find(':') != std::string_view::npos) {
    const auto parsed = catalog::parse_table_arn(name_or_arn);
    const bool here = parsed && is_here(site, *parsed);
    table_name_ = here ? name_or_arn.substr(name_or_arn.rfind('/') + 1) : std::string_view();
    if (!here) foreign_ = as_given(name_or_arn);
  }
  arn_.add("table/").add(table_name_);
}

TableResource::TableResource(const catalog::Site& site, std::string_view name_or_arn,
                             std::string_view index_name)
    : TableResource(site, name_or_arn) {
  if (!index_name.empty()) arn_.add("/index/").add(index_name);
}

StreamResource::StreamResource(const catalog::Site& site, std::string_view arn)
    : arn_(site, "dynamodb") {
  const auto parsed = catalog::parse_stream_arn(arn);
  if (!parsed || !is_here(site, *parsed)) {
    foreign_ = as_given(arn);
    return;
  }
  arn_.add("table/").add(parsed->table_name).add("/stream/").add(parsed->stream_label);
}

Status ask_table(Inquiry& inquiry) {
  const TableResource table(inquiry.site(), text_of(inquiry, "TableName"));
  return inquiry.ask(table.arn(), {.table_name = table.table_name()});
}

Status ask_items(Inquiry& inquiry) {
  const TableResource table(inquiry.site(), text_of(inquiry, "TableName"));
  return inquiry.ask(table.arn(), {.table_name = table.table_name(), .items = inquiry.input()});
}

Status ask_items_of_source(Inquiry& inquiry) {
  const std::string_view index_name = text_of(inquiry, "IndexName");
  const TableResource source(inquiry.site(), text_of(inquiry, "TableName"), index_name);
  return inquiry.ask(
      source.arn(),
      {.table_name = source.table_name(), .index_name = index_name, .items = inquiry.input()});
}

Status ask_stream(Inquiry& inquiry) {
  return inquiry.ask(StreamResource(inquiry.site(), text_of(inquiry, "StreamArn")).arn());
}

// An iterator begins with its stream (streams/shard_iterator.h); whether the server wrote it is for
// the operation to say.
Status ask_stream_of_iterator(Inquiry& inquiry) {
  const std::string_view iterator = text_of(inquiry, "ShardIterator");
  const std::string_view arn = iterator.substr(0, iterator.find('|'));
  return inquiry.ask(StreamResource(inquiry.site(), arn).arn());
}

Status ask_resource_arn(Inquiry& inquiry) {
  const std::string_view arn = text_of(inquiry, "ResourceArn");
  if (arn.find("/stream/") != std::string_view::npos) {
    return inquiry.ask(StreamResource(inquiry.site(), arn).arn());
  }
  const TableResource table(inquiry.site(), arn);
  return inquiry.ask(table.arn(), {.table_name = table.table_name()});
}

Status ask_anything(Inquiry& inquiry) {
  return inquiry.ask(kAnything);
}

}  // namespace millrace::access
