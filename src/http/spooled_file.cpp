// A job of the pool owns what it works on, the file and the bytes: should the loop end, it goes on without the task.
// Closing the last descriptor of a large file without a name frees its blocks, which takes a tenth of a second for two
// gigabytes; so that, too, is a job.
#include <bailey/base/error.hpp>
#include <bailey/http/spooled_file.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/semaphore.hpp>

#include "http/body_budget.hpp"
#include "http/spool_storage.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

namespace bailey::http {
namespace {

constexpr std::size_t write_bytes = std::size_t{256} * 1024;       // at a time, to a file
constexpr std::size_t copy_bytes = std::size_t{16} * 1024 * 1024;  // at a time, so that other jobs come in between

std::string default_directory() {
  const char* const set = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (set != nullptr && *set != '\0') return set;
  return ::access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

}  // namespace

namespace detail {

struct SpoolState {
  SpoolState(BlockingPool& workers, SpoolOptions given)
      : pool(workers),
        options(std::move(given)),
        memory(options.memory_limit_bytes),
        turns(std::max<std::size_t>(1, options.jobs_at_once)) {
    if (options.directory.empty()) options.directory = default_directory();
  }

  // A job of the pool, once it is its turn: rather than be refused by a pool that is full, an upload waits, and its
  // client with it.
  template <class F>
  static Task<std::invoke_result_t<F&>> run(std::shared_ptr<SpoolState> self, F job) {
    const Semaphore::Permit turn = co_await self->turns.acquire();
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>)
      co_await self->pool.run(std::move(job));
    else
      co_return co_await self->pool.run(std::move(job));
  }

  static Task<> close(std::shared_ptr<SpoolState> self, std::shared_ptr<void> file) {
    try {
      co_await run(std::move(self), [file = std::move(file)]() mutable { file.reset(); });
    } catch (const Error&) {  // the pool takes no more: closed here
    }
  }
  static void close_off_the_loop(const std::shared_ptr<SpoolState>& self, std::shared_ptr<void> file) noexcept {
    Loop* const loop = Loop::current_or_null();
    if (!file || loop == nullptr) return;
    try {
      loop->spawn("closing an upload", close(self, std::move(file)));
    } catch (...) {  // no memory for it: closed here
    }
  }

  BlockingPool& pool;
  SpoolOptions options;
  BodyBudget memory;
  Semaphore turns;
};

struct SpooledFileState {
  explicit SpooledFileState(std::shared_ptr<SpoolState> owner) : spool(std::move(owner)), held(spool->memory) {}
  ~SpooledFileState() { SpoolState::close_off_the_loop(spool, std::move(file)); }
  SpooledFileState(const SpooledFileState&) = delete;
  SpooledFileState& operator=(const SpooledFileState&) = delete;

  void require_whole() const {
    if (failure) std::rethrow_exception(failure);
  }
  [[nodiscard]] bool has_room_in_memory() {
    const std::size_t most = file ? write_bytes : spool->options.file_memory_bytes;
    return pending.size() <= most && held.grow_to(pending.size());
  }

  static Task<> write(std::shared_ptr<SpooledFileState> self, std::string_view bytes);
  static Task<> flush(std::shared_ptr<SpooledFileState> self);
  static Task<std::string> read(std::shared_ptr<SpooledFileState> self, std::size_t most_bytes);
  static Task<std::string> read_all(std::shared_ptr<SpooledFileState> self, std::size_t limit_bytes);
  static Task<> save_to(std::shared_ptr<SpooledFileState> self, std::string path);

  std::shared_ptr<SpoolState> spool;
  std::shared_ptr<TemporaryFile> file;  // shared with jobs; nothing while all is in memory
  std::string pending;                  // what is not in the file
  BodyBudget::Share held;
  std::uint64_t size = 0;
  std::uint64_t position = 0;
  std::exception_ptr failure;  // part of what was written has been lost
  bool is_saved = false;
  bool is_linked = false;  // the file has a path
};

// A file that is being written beside its path.
class Saving {
 public:
  Saving(std::shared_ptr<SpoolState> spool, std::string path)
      : spool_(std::move(spool)), file_(std::make_shared<NewFile>(std::move(path))) {}
  ~Saving() { SpoolState::close_off_the_loop(spool_, std::move(file_)); }
  Saving(const Saving&) = delete;
  Saving& operator=(const Saving&) = delete;

  [[nodiscard]] const std::shared_ptr<NewFile>& file() const noexcept { return file_; }

 private:
  std::shared_ptr<SpoolState> spool_;
  std::shared_ptr<NewFile> file_;
};

Task<> SpooledFileState::write(std::shared_ptr<SpooledFileState> self, std::string_view bytes) {
  self->require_whole();
  if (self->is_saved) throw Error("misuse", "a file that has been saved is written to");
  self->pending.append(bytes);
  self->size += bytes.size();
  if (!self->has_room_in_memory()) co_await flush(self);
}

Task<> SpooledFileState::flush(std::shared_ptr<SpooledFileState> self) {
  if (self->pending.empty()) co_return;
  std::string bytes = std::exchange(self->pending, {});
  try {
    self->file = co_await SpoolState::run(self->spool, [file = self->file, bytes = std::move(bytes),
                                                        directory = self->spool->options.directory]() mutable {
      if (!file) file = std::make_shared<TemporaryFile>(directory);
      file->append(bytes);
      return std::move(file);
    });
  } catch (...) {
    self->failure = std::current_exception();
  }
  self->held.give_back();
  self->require_whole();
}

Task<std::string> SpooledFileState::read(std::shared_ptr<SpooledFileState> self, std::size_t most_bytes) {
  self->require_whole();
  if (self->position >= self->size) co_return std::string();
  std::string part;
  if (self->file) {
    co_await flush(self);
    part = co_await SpoolState::run(
        self->spool, [file = self->file, at = self->position, most_bytes] { return file->read_at(at, most_bytes); });
  } else {
    part = self->pending.substr(static_cast<std::size_t>(self->position), most_bytes);
  }
  self->position += part.size();
  co_return part;
}

Task<std::string> SpooledFileState::read_all(std::shared_ptr<SpooledFileState> self, std::size_t limit_bytes) {
  if (self->size > limit_bytes)
    throw Error("payload_too_large", "The file is longer than " + std::to_string(limit_bytes) + " bytes", 413);
  std::string all;
  self->position = 0;
  for (;;) {
    const std::string part = co_await read(self, write_bytes);
    if (part.empty()) co_return all;
    all.append(part);
  }
}

Task<> SpooledFileState::save_to(std::shared_ptr<SpooledFileState> self, std::string path) {
  self->require_whole();
  self->is_saved = true;
  const Saving saving(self->spool, std::move(path));
  if (!self->file) {
    co_await SpoolState::run(self->spool, [target = saving.file(), bytes = self->pending] {
      target->write(bytes);
      target->finish();
    });
    co_return;
  }
  co_await flush(self);
  if (!self->is_linked) {
    self->is_linked = co_await SpoolState::run(self->spool, [target = saving.file(), file = self->file] {
      if (!target->link(*file)) return false;
      target->finish();
      return true;
    });
    if (self->is_linked) co_return;
  }
  for (std::uint64_t at = 0; at < self->size; at += copy_bytes) {
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(copy_bytes, self->size - at));
    co_await SpoolState::run(
        self->spool, [target = saving.file(), file = self->file, at, bytes] { target->copy(*file, at, bytes); });
  }
  co_await SpoolState::run(self->spool, [target = saving.file()] { target->finish(); });
}

}  // namespace detail

Spool::Spool(BlockingPool& pool, SpoolOptions options)
    : state_(std::make_shared<detail::SpoolState>(pool, std::move(options))) {}
Spool::~Spool() = default;
Spool::Spool(const Spool&) = default;
Spool& Spool::operator=(const Spool&) = default;

std::size_t Spool::memory_used_bytes() const noexcept { return state_->memory.used_bytes(); }

struct Spool::Memory::Share {
  explicit Share(std::shared_ptr<detail::SpoolState> state) : spool(std::move(state)), held(spool->memory) {}
  std::shared_ptr<detail::SpoolState> spool;
  BodyBudget::Share held;
  std::size_t bytes = 0;
};

Spool::Memory::Memory(const Spool& spool) : share_(std::make_unique<Share>(spool.state_)) {}
Spool::Memory::~Memory() = default;
Spool::Memory::Memory(Memory&&) noexcept = default;
Spool::Memory& Spool::Memory::operator=(Memory&&) noexcept = default;

void Spool::Memory::add(std::size_t bytes) {
  if (!share_) throw Error("misuse", "memory is added to what has been moved away");
  if (!share_->held.grow_to(share_->bytes + bytes))
    throw Error("overloaded", "The server has no memory for this request at the moment", 503);
  share_->bytes += bytes;
}

SpooledFile Spool::make_file() const { return SpooledFile(std::make_shared<detail::SpooledFileState>(state_)); }

SpooledFile::SpooledFile(std::shared_ptr<detail::SpooledFileState> state) noexcept : state_(std::move(state)) {}
SpooledFile::~SpooledFile() = default;
SpooledFile::SpooledFile(SpooledFile&&) noexcept = default;
SpooledFile& SpooledFile::operator=(SpooledFile&&) noexcept = default;

const std::shared_ptr<detail::SpooledFileState>& SpooledFile::state() const {
  if (!state_) throw Error("misuse", "a file is used that has been moved away");
  return state_;
}

Task<> SpooledFile::write(std::string_view bytes) { return detail::SpooledFileState::write(state(), bytes); }
Task<> SpooledFile::write_kept(std::string bytes) {
  const auto write = [](std::shared_ptr<detail::SpooledFileState> to, std::string text) -> Task<> {
    co_await detail::SpooledFileState::write(std::move(to), text);
  };
  return write(state(), std::move(bytes));
}
std::uint64_t SpooledFile::size() const noexcept { return state_ ? state_->size : 0; }
bool SpooledFile::is_in_memory() const noexcept { return !state_ || !state_->file; }
std::optional<std::string_view> SpooledFile::bytes_in_memory() const noexcept {
  if (!is_in_memory()) return std::nullopt;
  return state_ ? std::string_view(state_->pending) : std::string_view();
}
Task<std::string> SpooledFile::read(std::size_t most_bytes) {
  return detail::SpooledFileState::read(state(), most_bytes);
}
void SpooledFile::seek(std::uint64_t position) noexcept {
  if (state_) state_->position = position;
}
Task<std::string> SpooledFile::read_all(std::size_t limit_bytes) {
  return detail::SpooledFileState::read_all(state(), limit_bytes);
}
Task<> SpooledFile::save_to(std::string path) { return detail::SpooledFileState::save_to(state(), std::move(path)); }

}  // namespace bailey::http
