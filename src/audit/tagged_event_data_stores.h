// The tags of event data stores, as AddTags, RemoveTags and ListTags need them.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/result.h"

namespace millrace::audit {

// Thread-safe.
class TaggedEventDataStores {
 public:
  using Tags = std::map<std::string, std::string>;  // values by key
  // An error leaves the tags as they are. May be called on any thread; does not block.
  using Change = std::function<Status(Tags& tags)>;

  virtual ~TaggedEventDataStores() = default;

  // EventDataStoreARNInvalidException, EventDataStoreNotFoundException. `arn` is one of this
  // account and region.
  [[nodiscard]] virtual Result<Tags> tags(const std::string& arn) const = 0;
  // The same errors, or that of `change`. Calls `done` once, when the tags are durable, on any
  // thread.
  virtual void change_tags(const std::string& arn, Change change,
                           std::function<void(Status)> done) = 0;
};

}  // namespace millrace::audit
