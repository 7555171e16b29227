// One commit of changes to the log store while it is made: each change sees what those before it in
// the batch did.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "logs/group.h"

namespace millrace::logs {

// The groups as of the latest commit. Thread-safe.
class Groups {
 public:
  // nullptr when there is none of that name.
  [[nodiscard]] GroupPointer find(std::string_view name) const;
  // In byte order of their names, from the first that is `from` or above.
  using Visitor = std::function<bool(const GroupPointer&)>;  // false: no more
  void visit(std::string_view from, const Visitor& visit) const;
  [[nodiscard]] std::vector<GroupPointer> all() const;
  [[nodiscard]] size_t count() const;

  void put(GroupPointer group);
  void drop(const std::string& name);

  [[nodiscard]] uint64_t next_number() const { return next_number_; }
  void set_next_number(uint64_t number) { next_number_ = number; }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, GroupPointer, std::less<>> groups_;  // guarded by mutex_
  uint64_t next_number_ = 1;                                 // of the thread that commits alone
};

// Of the thread that commits. `groups` and `engine` must outlive it.
class Batch {
 public:
  Batch(engine::Engine& engine, Groups& groups) : engine_(engine), groups_(groups) {}

  // nullptr when there is none.
  [[nodiscard]] GroupPointer find_group(const std::string& name) const;
  // Gives it its number. There must be none of that name.
  GroupPointer create_group(Group group);
  // Settings and tags; the counters are the batch's own.
  void change_group(Group group);
  void drop_group(const Group& group);

  [[nodiscard]] Result<std::optional<Stream>> find_stream(const Group& group,
                                                          const std::string& name);
  // Gives it its number. There must be none of that name.
  Result<Stream> create_stream(const std::string& group_name, Stream stream);
  // Its events no longer count; sweep() erases them.
  Status drop_stream(const Group& group, const std::string& name);

  struct NewEvent {
    uint64_t time;
    std::string_view message;
  };
  // In the order given. Returns the stream as it then is.
  Result<Stream> add_events(const std::string& group_name, const std::string& stream_name,
                            int64_t ingestion_milliseconds, const std::vector<NewEvent>& events);

  // For the sweep: what it erases, and how many bytes of events that is.
  void mutate(engine::Mutation mutation) { mutations_.push_back(std::move(mutation)); }
  void subtract_bytes(const std::string& group_name, uint64_t bytes);
  void note_no_dropped_streams(const std::string& group_name);

  // The mutations of everything, once.
  [[nodiscard]] std::vector<engine::Mutation> take_mutations();
  // Names of the groups that it changed.
  [[nodiscard]] std::vector<std::string> changed_groups() const;
  // Shows what the batch did to whoever reads, when it is durable.
  void publish();

 private:
  struct StagedGroup {
    GroupPointer group;  // nullptr: dropped
    bool settings_changed = false;
    bool counters_changed = false;
  };
  struct StagedStream {
    std::optional<Stream> committed;
    std::optional<Stream> now;
  };
  using StreamKey = std::pair<uint64_t, std::string>;  // group number, name

  // There must be a group of that name for edit().
  StagedGroup& stage(const std::string& group_name);
  template <typename Edit>
  void edit(StagedGroup& staged, Edit edit);
  void add_event(Group& group, Stream& stream, int64_t ingestion_milliseconds,
                 const NewEvent& event);
  Result<StagedStream*> stage_stream(const Group& group, const std::string& name);
  void add_stream_mutations(uint64_t group, const StagedStream& stream);

  engine::Engine& engine_;
  Groups& groups_;
  std::vector<engine::Mutation> mutations_;
  std::map<std::string, StagedGroup> staged_groups_;
  std::map<StreamKey, StagedStream> staged_streams_;
};

}  // namespace millrace::logs
