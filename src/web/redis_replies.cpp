// hiredis reads the protocol, and asks us to make what it has read. By itself it would allocate, and later walk, as
// many elements as the head of a list says that there will be: 2^31 of them.
#include "web/redis_replies.hpp"

#include <hiredis/read.h>

#include <new>
#include <utility>

namespace bailey::web_detail {
namespace {

// The reply under way is the reader's `privdata`. For hiredis what we make is a pointer; null ends the reading.
RedisReply* reply_of(const redisReadTask* task) { return static_cast<RedisReply*>(task->privdata); }

redisReplyObjectFunctions making() {
  redisReplyObjectFunctions making{};  // of other kinds, which are not asked for, nothing is made
  making.createString = [](const redisReadTask* task, char* text, std::size_t size) -> void* {
    if (task->parent != nullptr) return reply_of(task);
    reply_of(task)->is_error = task->type == REDIS_REPLY_ERROR;
    reply_of(task)->text.assign(text, size);
    return reply_of(task);
  };
  making.createArray = [](const redisReadTask* task, auto elements) -> void* {
    const bool is_usual = task->parent == nullptr && std::cmp_less_equal(elements, RedisReplies::most_numbers);
    return is_usual ? reply_of(task) : nullptr;
  };
  making.createInteger = [](const redisReadTask* task, long long number) -> void* {
    if (task->parent != nullptr) reply_of(task)->numbers.push_back(number);
    return reply_of(task);
  };
  making.createNil = [](const redisReadTask* task) -> void* { return reply_of(task); };
  making.freeObject = [](void*) {};
  return making;
}

}  // namespace

void RedisReplies::Free::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

RedisReplies::RedisReplies() {
  static redisReplyObjectFunctions functions = making();  // hiredis does not change them
  reader_.reset(redisReaderCreateWithFunctions(&functions));
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = &reply_;
}

RedisReplies::~RedisReplies() = default;

bool RedisReplies::read(std::string_view bytes, std::vector<RedisReply>& replies) {
  begun_bytes_ += bytes.size();
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) return false;
  for (;;) {
    void* made = nullptr;
    if (redisReaderGetReply(reader_.get(), &made) != REDIS_OK) return false;
    if (made == nullptr) return begun_bytes_ <= most_bytes;
    replies.push_back(std::exchange(reply_, {}));
    begun_bytes_ = 0;
  }
}

}  // namespace bailey::web_detail
