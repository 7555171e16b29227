// SQLite's C interface with ownership and Result. An error is InternalServerError with SQLite's
// message, whatever went wrong.
#pragma once

#include <memory>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::audit::query {

// Columns count from 0, parameters from 1. Not thread-safe. Its database must outlive it.
class Statement {
 public:
  void bind(int parameter, int64_t value);
  // The text is not copied: it must live until reset().
  void bind(int parameter, std::string_view text);
  void bind_null(int parameter);
  // NULL for an empty one.
  void bind_text_or_null(int parameter, std::string_view text);

  // Whether there is a row.
  [[nodiscard]] Result<bool> step();
  // Steps once, expecting no row, and resets.
  [[nodiscard]] Status run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] int64_t integer(int column) const;
  // Lives until the next step; empty for NULL.
  [[nodiscard]] std::string_view text(int column) const;

  [[nodiscard]] sqlite3_stmt* handle() const { return statement_.get(); }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One connection. Not thread-safe.
class Database {
 public:
  enum class Mode { kReadWrite, kReadOnly };

  [[nodiscard]] static Result<Database> open(const std::string& path, Mode mode);

  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // Statements without results.
  [[nodiscard]] Status execute(const std::string& sql);
  // The first column of the first row; 0 when there is no row.
  [[nodiscard]] Result<int64_t> read_integer(std::string_view sql);

  // Whether the latest error says that the file is not what it should be.
  [[nodiscard]] bool found_damage() const;

  [[nodiscard]] sqlite3* handle() const { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };

  std::unique_ptr<sqlite3, Close> database_;
};

// Rolls back unless it was committed.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;

  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;  // nullptr: it is over
};

}  // namespace millrace::audit::query
