#include <bailey/graphql/detail/run.hpp>

#include <graphql/execution/execution.hpp>
#include <graphql/execution/field_error.hpp>

#include <bailey/graphql/info.hpp>

#include <algorithm>
#include <exception>
#include <ranges>
#include <utility>

namespace bailey::graphql::detail {

Run::Run(Execution& execution) noexcept
    : execution_(execution),
      request_(&execution.input().request),
      shared_(execution.input().shared),
      is_watched_(execution.input().extensions != nullptr),
      limit_bytes_(execution.input().answer_limit_bytes) {}

Run::~Run() {
  for (const Kept& kept : std::views::reverse(kept_)) kept.destroy(kept.object);
}

void Run::begin_field(const PlannedField& field, const Path& path) {
  execution_.input().extensions->begin_field(Info(*this, field, path));
}
void Run::end_field(const PlannedField& field, const Path& path) noexcept {
  execution_.input().extensions->end_field(Info(*this, field, path));
}

Mark Run::mark() {
  Piece& piece = *piece_;
  const Mark mark{.text = piece.text.size(), .holes = piece.holes.size(), .regions = piece.regions.size()};
  piece.regions.push_back({.begin = mark.text, .end = 0, .around = piece.open_region});
  piece.open_region = static_cast<std::uint32_t>(mark.regions);
  return mark;
}

void Run::close(const Mark& mark) noexcept {
  Piece& piece = *piece_;
  piece.open_region = piece.regions[mark.regions].around;
  if (piece.holes.size() == mark.holes) {
    piece.regions.resize(mark.regions);
  } else {
    piece.regions[mark.regions].end = piece.text.size();
  }
}

void Run::nullify(const Mark& mark) {
  Piece& piece = *piece_;
  piece.open_region = piece.regions[mark.regions].around;
  piece.regions.resize(mark.regions);
  piece.text.resize(mark.text);
  piece.text.append("null");
  // What fills them still runs, and writes.
  for (const Hole& hole : piece.holes | std::views::drop(mark.holes)) hole.piece->is_abandoned = true;
  piece.holes.resize(mark.holes);
}

bool Run::write_object(const ObjectPlan& plan, const void* object, const Path& path) {
  if (root_.is_null) return false;  // nobody will see it
  std::string& out = piece_->text;
  if (plan.fields.empty()) {
    out.append("{}");
    return true;
  }
  for (const PlannedField& field : plan.fields) {
    const Path place{.up = &path, .key = field.response_key};
    out.append(field.text);
    if (field.code != nullptr && !field.code->resolve(*this, object, field, place)) return false;
    if (!has_room()) {
      refuse_size(field, place);
      return false;
    }
  }
  out.push_back('}');
  return true;
}

void Run::fail(const PlannedField& field, const Path& path) noexcept {
  if (is_being_written_in_vain(*piece_)) return;
  execution_.add(field, path, error_of(std::current_exception(), *request_));
}

void Run::fail(const PlannedField& field, const Path& path, std::string message) {
  if (is_being_written_in_vain(*piece_)) return;
  execution_.add(field, path, internal_error(std::move(message)));
}

void Run::fail_type(const PlannedField& field, const Path& path) {
  const TypeSystem& types = execution_.input().schema.types;
  fail(field, path, "The value of the field is of a type that is none of " + types.to_string(field.definition->type));
}

const void* Run::arguments(const PlannedField& field) { return execution_.arguments(field); }

Run::Later Run::leave_hole(const Path& path) {
  Piece& piece = keep(Piece());
  piece.parent = piece_;
  piece.region_of_parent = piece_->open_region;
  piece_->holes.push_back({.at = piece_->text.size(), .piece = &piece});
  return {.piece = piece, .path = keep_path(path)};
}

LoaderBase& Run::loader(TypeKey key) { return execution_.loader(key); }

void Run::start(Task<> task) { execution_.start(std::move(task)); }

const Path& Run::keep_path(const Path& path) {
  const Path* const up = path.up == nullptr || path.up->up == nullptr ? path.up : &keep_path(*path.up);
  void* const memory = memory_.allocate(sizeof(Path), alignof(Path));
  return *::new (memory) Path{.up = up, .key = path.key, .index = path.index};
}

Piece* Run::begin_filling(Piece& piece) {
  if (!spare_texts_.empty()) {
    piece.text = std::move(spare_texts_.back());
    spare_texts_.pop_back();
  }
  settled_bytes_ += piece_->text.size();
  return std::exchange(piece_, &piece);
}

void Run::end_filling(Piece& piece, Piece* before) {
  piece_ = before;
  settled_bytes_ += piece.text.size();
  settled_bytes_ -= before->text.size();
  char* const memory = static_cast<char*>(memory_.allocate(piece.text.size(), 1));
  std::ranges::copy(piece.text, memory);
  piece.written = {memory, piece.text.size()};
  piece.text.clear();
  spare_texts_.push_back(std::move(piece.text));
}

void Run::give_up(Piece& piece) noexcept { make_null(piece); }

void Run::refuse_size(const PlannedField& field, const Path& path) {
  if (root_.is_null) return;  // it will be no larger than that
  execution_.refuse_size(field, path);
  root_.is_null = true;
}

}  // namespace bailey::graphql::detail
