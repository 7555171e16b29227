// Where the index gets its events from: a consumer's view of the spool.
#pragma once

#include "audit/spool.h"

namespace millrace::audit::query {

// Thread-safe. As the functions of the spool (audit/spool.h).
class EventFeed {
 public:
  virtual ~EventFeed() = default;

  [[nodiscard]] virtual Status flush() = 0;
  [[nodiscard]] virtual EventNumber settled() const = 0;
  [[nodiscard]] virtual Status visit(EventNumber from, const Spool::Visitor& visit) = 0;
  [[nodiscard]] virtual bool is_filling() const = 0;
  [[nodiscard]] virtual Result<EventNumber> cursor() = 0;
  [[nodiscard]] virtual Status advance(EventNumber next) = 0;
};

// The spool, read by the consumer "index". The spool must outlive it.
class SpoolFeed final : public EventFeed {
 public:
  explicit SpoolFeed(Spool& spool) : spool_(spool) {}

  [[nodiscard]] Status flush() override { return spool_.flush(); }
  [[nodiscard]] EventNumber settled() const override { return spool_.settled(); }
  [[nodiscard]] Status visit(EventNumber from, const Spool::Visitor& visit) override {
    return spool_.visit(from, visit);
  }
  [[nodiscard]] bool is_filling() const override { return spool_.is_filling(); }
  [[nodiscard]] Result<EventNumber> cursor() override { return spool_.cursor("index"); }
  [[nodiscard]] Status advance(EventNumber next) override { return spool_.advance("index", next); }

 private:
  Spool& spool_;
};

}  // namespace millrace::audit::query
