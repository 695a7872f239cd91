#pragma once

#include <bailey/base/error.hpp>
#include <bailey/base/secret.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace bailey::stack {

// The message of a statement whose connection broke before its answer came; it has no SQLSTATE.
inline constexpr std::string_view connection_lost = "the connection to the database was lost";

// A statement PostgreSQL refused, with the place in its text.
class StatementError : public Error {
 public:
  StatementError(std::string sqlstate, std::string message, std::string detail, std::string hint, std::size_t position)
      : Error(std::move(sqlstate), std::move(message)),
        detail_(std::move(detail)),
        hint_(std::move(hint)),
        position_(position) {}

  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }
  [[nodiscard]] std::size_t position() const noexcept { return position_; }  // in characters from 1; 0: not told

 private:
  std::string detail_, hint_;
  std::size_t position_;
};

// A connection that blocks, for what happens before anything is served: bootstrap and migrations. These run many
// statements one after the other in one session and need the position of an error; an event loop would add nothing.
class BlockingConnection {
 public:
  using Row = std::vector<std::optional<std::string>>;

  // Throws Error "database_unavailable".
  explicit BlockingConnection(const Secret& connection_string);

  // Any number of commands. Throws StatementError.
  void execute(const std::string& sql);
  // One command with parameters; its rows. Throws StatementError.
  std::vector<Row> query(const std::string& sql, const std::vector<std::optional<std::string>>& parameters = {});

  [[nodiscard]] bool is_in_transaction() const noexcept;

 private:
  struct Close {
    void operator()(pg_conn* connection) const noexcept;
  };
  std::unique_ptr<pg_conn, Close> connection_;
};

// BEGIN … COMMIT around a scope: rolled back unless `commit` was called.
class BlockingTransaction {
 public:
  explicit BlockingTransaction(BlockingConnection& connection) : connection_(connection) {
    connection_.execute("begin");
  }
  ~BlockingTransaction();
  BlockingTransaction(const BlockingTransaction&) = delete;
  BlockingTransaction& operator=(const BlockingTransaction&) = delete;
  void commit();

 private:
  BlockingConnection& connection_;
  bool open_ = true;
};

// "{a,"b c"}": PostgreSQL's text form of a text[].
[[nodiscard]] std::string text_array(const std::vector<std::string>& values);

}  // namespace bailey::stack
