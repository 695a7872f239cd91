#pragma once

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task.hpp>
#include "web/redis_address.hpp"
#include "web/redis_connection.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// One loop's connection to Redis: made when it is needed, kept, made again when it was lost. Behind the first failure
// nobody waits any more: one attempt is made every now and then in the background, and as long as none succeeds every
// command fails at once. Commands are sent one behind the other without waiting for answers between.
//
// Shared, as tasks that wait in it may outlive whoever made it. On its loop alone.
class RedisLink : public std::enable_shared_from_this<RedisLink> {
 public:
  RedisLink(Loop& loop, RedisAddress address, std::chrono::milliseconds timeout);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // Throws Error "redis_unavailable" (503) when there is no answer within the time, or no connection, and for an error.
  [[nodiscard]] static Task<RedisReply> ask(std::shared_ptr<RedisLink> link, std::vector<std::string> command);

 private:
  enum class State { idle, connecting, ready };

  [[nodiscard]] static Task<> connect(std::shared_ptr<RedisLink> link);
  [[nodiscard]] Task<> be_ready();
  [[nodiscard]] Task<> open();
  // Nullopt when there is no answer in time. Throws when there will be none.
  [[nodiscard]] Task<std::optional<RedisReply>> exchange(std::vector<std::string> command,
                                                         std::chrono::milliseconds patience);
  [[nodiscard]] Task<std::string> find_address();
  void lost(std::string_view fault);
  void fail(std::string_view reason);
  void succeeded();  // a command was answered, which says more than that Redis can be reached
  void drop() noexcept;

  Loop& loop_;
  RedisAddress address_;
  std::chrono::milliseconds timeout_;
  State state_ = State::idle;
  std::shared_ptr<RedisConnection> connection_;  // shared with what waits for its socket
  Event settled_;                                // connecting has ended, for better or worse
  unsigned failures_ = 0;                        // since a command was answered
  std::chrono::steady_clock::time_point retry_at_{};
  std::shared_ptr<bool> looks_up_ =
      std::make_shared<bool>(false);  // shared with the thread that does, by way of the loop
};

}  // namespace bailey::web_detail
