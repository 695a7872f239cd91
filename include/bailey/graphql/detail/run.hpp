#pragma once

#include <bailey/graphql/detail/loading.hpp>
#include <bailey/graphql/detail/piece.hpp>
#include <bailey/graphql/detail/plan.hpp>
#include <bailey/graphql/detail/stream.hpp>
#include <bailey/model/json.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/injection.hpp>
#include <bailey/web/request.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql::detail {

class Run;
class Execution;  // what a Run is of: see execution.hpp of the sources

// How a field is resolved and its value written, with the types erased. Any thread; it is the schema's.
class FieldCode {
 public:
  FieldCode() = default;
  virtual ~FieldCode() = default;
  FieldCode(const FieldCode&) = delete;
  FieldCode& operator=(const FieldCode&) = delete;

  // Resolves the field of `parent` and writes its value, now or when it is there. False: it is null where none may be,
  // and the error has been noted.
  virtual bool resolve(Run& run, const void* parent, const PlannedField& field, const Path& path) const = 0;
  // The arguments in the form that `resolve` asks for (Run::arguments). Throws GraphQLError for what breaks a rule.
  [[nodiscard]] virtual std::shared_ptr<const void> bind([[maybe_unused]] const json::object& arguments) const {
    return nullptr;
  }
  // Whether it may be there only later.
  [[nodiscard]] virtual bool suspends() const noexcept { return false; }
  // What it takes of the app's dependencies; the schema gives the first its place among those of all fields.
  [[nodiscard]] virtual std::span<const web_detail::Need> needs() const noexcept { return {}; }
  virtual void describe([[maybe_unused]] RouteInfo& route) const {}
  [[nodiscard]] virtual std::span<const LoaderNeed> loaders() const noexcept { return {}; }
  // Of a subscription's field: runs what makes its events. `resolve` is given one as the parent, then.
  [[nodiscard]] virtual Task<> stream([[maybe_unused]] Run& run, [[maybe_unused]] const PlannedField& field,
                                      [[maybe_unused]] const Path& path, [[maybe_unused]] EventSink& sink) const {
    co_return;
  }
  // Of a data member: what it is called in C++.
  [[nodiscard]] virtual std::string_view member() const noexcept { return {}; }

  std::size_t first_need = 0;
};

// Where the writing of a nullable value began.
struct Mark {
  std::size_t text = 0;
  std::size_t holes = 0;
  std::size_t regions = 0;
};

// One operation as it is executed. On one loop; it ends when all that it has started has ended.
class Run {
 public:
  explicit Run(Execution& execution) noexcept;
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] std::string& out() noexcept { return piece_->text; }

  // Around what becomes null as a whole when something in it may not be null and is.
  [[nodiscard]] Mark mark();
  void close(const Mark& mark) noexcept;
  void nullify(const Mark& mark);

  // Writes an object of the plan's type. False where it is null, and none may be, or the answer has become too large.
  bool write_object(const ObjectPlan& plan, const void* object, const Path& path);

  // Notes an error of a field; from inside a catch clause, or with a sentence for the client.
  void fail(const PlannedField& field, const Path& path) noexcept;
  void fail(const PlannedField& field, const Path& path, std::string message);
  // The same for a value of a type that the field cannot have.
  void fail_type(const PlannedField& field, const Path& path);

  // The arguments of the field as its code has bound them, once an operation. Throws GraphQLError.
  [[nodiscard]] const void* arguments(const PlannedField& field);

  // Leaves a hole for a field that is resolved later; the path is copied.
  struct Later {
    Piece& piece;
    const Path& path;
  };
  [[nodiscard]] Later leave_hole(const Path& path);
  // Starts what will fill it. It throws nothing.
  void start(Task<> task);
  // Whether what is written there can still be seen.
  [[nodiscard]] bool is_wanted(const Piece& piece) const noexcept { return !is_dead(piece); }

  // Writes into the piece of a hole, from what was started: `write` says whether the value may stand.
  template <class F>
  void fill(Piece& piece, F write) {
    Piece* const before = begin_filling(piece);
    const bool is_there = write();
    end_filling(piece, before);
    if (!is_there) give_up(piece);
  }

  // Keeps a value until the operation has ended.
  template <class T>
  T& keep(T value) {
    void* const memory = memory_.allocate(sizeof(T), alignof(T));
    T* const kept = ::new (memory) T(std::move(value));
    if constexpr (!std::is_trivially_destructible_v<T>) {
      kept_.push_back({kept, [](void* object) noexcept { static_cast<T*>(object)->~T(); }});
    }
    return *kept;
  }

  // Of a type that the schema has one of.
  [[nodiscard]] LoaderBase& loader(TypeKey key);

  // Whether extensions look at each call of a resolver: see FieldWatch.
  [[nodiscard]] bool is_watched() const noexcept { return is_watched_; }
  void begin_field(const PlannedField& field, const Path& path);
  void end_field(const PlannedField& field, const Path& path) noexcept;

  [[nodiscard]] Request& request() noexcept { return *request_; }
  // The dependencies that all requests share, from the one of that place on.
  [[nodiscard]] web_detail::SharedObjects shared(std::size_t first) const noexcept { return shared_.subspan(first); }
  [[nodiscard]] Execution& execution() noexcept { return execution_; }

 private:
  friend class Execution;
  struct Kept {
    void* object;
    void (*destroy)(void*) noexcept;
  };

  [[nodiscard]] const Path& keep_path(const Path& path);
  // A piece is written in memory that the one before has left, and kept in what it needs.
  Piece* begin_filling(Piece& piece);
  void end_filling(Piece& piece, Piece* before);
  void give_up(Piece& piece) noexcept;

  // Whether the answer may become larger.
  [[nodiscard]] bool has_room() const noexcept { return piece_->text.size() + settled_bytes_ <= limit_bytes_; }
  // Of an answer that may not: it is this error alone, and what is still written is written in vain.
  void refuse_size(const PlannedField& field, const Path& path);

  Execution& execution_;
  Request* request_ = nullptr;
  web_detail::SharedObjects shared_{};
  bool is_watched_ = false;
  Piece root_{};
  Piece* piece_ = &root_;  // what is being written
  std::size_t limit_bytes_;
  std::size_t settled_bytes_ = 0;  // in pieces that are not being written, and about what the errors take
  std::pmr::monotonic_buffer_resource memory_;
  std::vector<Kept> kept_;
  std::vector<std::string> spare_texts_;
};

// A call of a resolver, as extensions see it: from its beginning until its value is written.
class FieldWatch {
 public:
  FieldWatch(Run& run, const PlannedField& field, const Path& path)
      : run_(run.is_watched() ? &run : nullptr), field_(field), path_(path) {
    if (run_ != nullptr) run_->begin_field(field_, path_);
  }
  FieldWatch(FieldWatch&& other) noexcept
      : run_(std::exchange(other.run_, nullptr)), field_(other.field_), path_(other.path_) {}
  FieldWatch& operator=(FieldWatch&&) = delete;
  ~FieldWatch() { end(); }
  void end() noexcept {
    if (Run* const run = std::exchange(run_, nullptr)) run->end_field(field_, path_);
  }

 private:
  Run* run_;
  const PlannedField& field_;
  const Path& path_;
};

}  // namespace bailey::graphql::detail
