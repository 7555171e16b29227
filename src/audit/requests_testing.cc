#include "audit/requests_testing.h"

#include "base/check.h"
#include "engine/memory/memory_engine.h"

namespace millrace::audit {
namespace {

catalog::TablePointer music() {
  auto table = std::make_shared<catalog::Table>();
  table->id = "id of Music";
  table->name = "Music";
  table->key_schema = {{"Artist", AttributeType::kString},
                       catalog::KeyAttribute{"SongTitle", AttributeType::kString}};
  table->partitions = {{1, 0}};
  catalog::Index index;
  index.name = "ByYear";
  index.global = true;
  index.key_schema = {{{"Year", AttributeType::kNumber}}, {{"Artist", AttributeType::kString}}};
  table->indexes.push_back(std::move(index));
  return table;
}

catalog::TablePointer numbers() {
  auto table = std::make_shared<catalog::Table>();
  table->id = "id of numbers";
  table->name = "numbers";
  table->key_schema.partition_key = {"id", AttributeType::kNumber};
  table->partitions = {{2, 0}};
  return table;
}

const RequestKind& kind_of(std::string_view model, std::string_view operation) {
  const RequestKind* kind = find_request_kind(model, operation);
  MILLRACE_CHECK(kind != nullptr);
  return *kind;
}

// The input's members, if it is an object.
template <typename Use>
auto with_input(std::string_view text, Use use) {
  const auto document = json::Document::parse(text);
  json::Object object;
  const bool is_object = document.ok() && document->root().get(object) == simdjson::SUCCESS;
  return use(is_object ? std::optional(object) : std::nullopt);
}

}  // namespace

DescribedRequests::DescribedRequests()
    : engine_(engine::open_memory_engine()),
      catalog_(std::move(catalog::Catalog::open(*engine_, {"111122223333", "us-west-2"})).value()) {
  catalog_->publish({{music(), numbers()}, {}, {}});
}

std::string DescribedRequests::parameters(std::string_view operation, std::string_view input,
                                          std::string_view model) const {
  return with_input(input, [&](const std::optional<json::Object>& members) {
    return request_parameters(kind_of(model, operation), *catalog_, members);
  });
}

std::vector<std::string> DescribedRequests::resources(std::string_view operation,
                                                      std::string_view input,
                                                      std::string_view model) const {
  return with_input(input, [&](const std::optional<json::Object>& members) {
    std::vector<std::string> shown;
    for (const Resource& resource : resources_of(kind_of(model, operation), *catalog_, members)) {
      shown.push_back(resource.type + " " + resource.arn);
    }
    return shown;
  });
}

}  // namespace millrace::audit
