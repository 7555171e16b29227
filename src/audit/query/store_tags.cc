#include "audit/query/store_tags.h"

#include <fmt/format.h>

namespace millrace::audit::query {
namespace {

class StoreTags final : public TaggedEventDataStores {
 public:
  explicit StoreTags(const QueryParts& parts) : parts_(parts) {}

  [[nodiscard]] Result<Tags> tags(const std::string& arn) const override {
    return TRY(find_store(parts_, arn))->tags;
  }

  void change_tags(const std::string& arn, Change change,
                   std::function<void(Status)> done) override {
    const auto named = find_store(parts_, arn);
    if (!named.ok()) return done(named.error());
    const auto edit = [id = (*named)->id, arn, change = std::move(change)](
                          const EventDataStores::Stores& stores) -> Result<EventDataStorePointer> {
      const auto found = stores.find(id);
      if (found == stores.end()) {
        return Error{ErrorCode::kEventDataStoreNotFoundException,
                     fmt::format("There is no event data store {}.", arn)};
      }
      EventDataStore store = *found->second;
      TRY(change(store.tags));
      return std::make_shared<const EventDataStore>(std::move(store));
    };
    parts_.stores.change(edit, [done = std::move(done)](Result<EventDataStorePointer> changed) {
      if (!changed.ok()) return done(std::move(changed).error());
      done(Done{});
    });
  }

 private:
  const QueryParts& parts_;
};

}  // namespace

std::unique_ptr<TaggedEventDataStores> tags_of_stores(const QueryParts& parts) {
  return std::make_unique<StoreTags>(parts);
}

}  // namespace millrace::audit::query
