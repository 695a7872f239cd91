#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace bailey::web_detail {

// What Redis has answered: a list of numbers, anything else as text, or an error.
struct RedisReply {
  bool is_error = false;
  std::string text;
  std::vector<long long> numbers;
};

// Makes replies of bytes as they come. Nothing that they say makes it take more memory, or time, than a little more
// than they take themselves.
class RedisReplies {
 public:
  static constexpr std::size_t most_numbers = 16;
  static constexpr std::size_t most_bytes = std::size_t{64} * 1024;  // of one reply

  RedisReplies();
  ~RedisReplies();
  RedisReplies(const RedisReplies&) = delete;
  RedisReplies& operator=(const RedisReplies&) = delete;

  // Appends to `replies` those that end in `bytes`. False when these are none, or larger than what we ask for can be:
  // nothing more is to be read then.
  [[nodiscard]] bool read(std::string_view bytes, std::vector<RedisReply>& replies);

 private:
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };

  std::unique_ptr<redisReader, Free> reader_;
  RedisReply reply_;  // that has begun
  std::size_t begun_bytes_ = 0;
};

}  // namespace bailey::web_detail
