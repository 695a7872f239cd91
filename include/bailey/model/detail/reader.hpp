#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bailey/base/duration_text.hpp>
#include <bailey/base/time_text.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/pattern.hpp>
#include <bailey/model/rules.hpp>
#include <bailey/model/validation.hpp>

// The part of decoding that does not depend on the target's type, compiled once. The templates in read.hpp walk the
// types and call it.
namespace bailey {
class Decimal;
}

namespace bailey::detail {

// Where the walk stands: a chain on the stack, turned into a Location only for an error.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;
  std::int64_t index = -1;  // ≥ 0: an item of a list
  bool secret = false;      // nothing below is ever echoed

  [[nodiscard]] Path member(std::string_view member_name, bool is_secret = false) const {
    return {this, member_name, -1, secret || is_secret};
  }
  [[nodiscard]] Path item(std::size_t position) const {
    return {this, {}, static_cast<std::int64_t>(position), secret};
  }
  [[nodiscard]] Path hidden() const { return {parent, name, index, true}; }
};

// What was refused, to be echoed: a JSON value, a text, or nothing.
struct Input {
  const json::value* value = nullptr;
  std::optional<std::string_view> text;

  Input() = default;
  Input(const json::value& refused) : value(&refused) {}  // NOLINT: a JSON value is an input
  Input(std::string_view refused) : text(refused) {}      // NOLINT: so is a text
};

// A member's rules and its pattern, compiled (or to be compiled on the fly).
struct Limits {
  const Constraints& constraints;
  const Pattern* pattern = nullptr;
  bool in_items = false;  // the rules on the number of items have been applied further out

  [[nodiscard]] std::size_t min_items() const { return in_items ? 0 : constraints.min_items; }
  [[nodiscard]] std::size_t max_items() const { return in_items ? Constraints::unbounded : constraints.max_items; }
  [[nodiscard]] bool is_not_null() const { return constraints.is_not_null && !in_items; }
  [[nodiscard]] Limits of_items() const { return {constraints, pattern, true}; }
};

enum class ItemsOf : std::uint8_t { list, dictionary };

class Decisions;

class Reader {
 public:
  Reader(Location prefix, Conversion conversion) : prefix_(std::move(prefix)), conversion_(conversion) {}

  [[nodiscard]] bool is_lenient() const noexcept { return conversion_ == Conversion::lenient; }

  [[nodiscard]] bool failed() const noexcept { return error_count() > 0; }
  [[nodiscard]] std::size_t error_count() const noexcept { return refused_ ? 1 : errors_.entries.size(); }
  // Enough errors were found that looking for more is pointless.
  [[nodiscard]] bool full() const noexcept { return refused_ || errors_.entries.size() >= validation_error_limit; }
  [[nodiscard]] ValidationErrors take_errors() noexcept { return std::exchange(errors_, {}); }
  void put_errors(ValidationErrors errors) noexcept { errors_ = std::move(errors); }
  void add_errors(ValidationErrors&& errors) { errors_.append(std::move(errors)); }

  // A reader that only finds out whether something can be read: it stops at the first error and keeps none.
  [[nodiscard]] Reader trial(Conversion conversion, Decisions& decisions) const;
  [[nodiscard]] bool is_trial() const noexcept { return trial_; }
  // Whether anybody will look at what is read. Where nobody does, a variant that was decided on is not read again.
  [[nodiscard]] bool wants_values() const noexcept { return values_wanted_; }
  void want_values(bool wanted) noexcept { values_wanted_ = wanted; }
  // What the outermost variant being read has found out so far; null outside of variants.
  [[nodiscard]] Decisions* decisions() const noexcept { return decisions_; }
  void set_decisions(Decisions* decisions) noexcept { decisions_ = decisions; }

  void fail(const Path& path, std::string_view type, std::string_view message, Input input, json::object context = {});
  void fail_value(const Path& path, std::string_view sentence, Input input);  // value_error

  // JSON's kinds, or what is converted to them. On an error it is noted and nothing is returned.
  std::optional<bool> boolean(const Path& path, const json::value& value);
  // Integers meet the rules first and then their type's range: a rule is the narrower bound.
  std::optional<std::int64_t> integer(const Path& path, const json::value& value, std::int64_t least, std::int64_t most,
                                      const Constraints& constraints);
  std::optional<std::uint64_t> unsigned_integer(const Path& path, const json::value& value, std::uint64_t most,
                                                const Constraints& constraints);
  std::optional<double> number(const Path& path, const json::value& value);
  void bytes(const Path& path, const json::value& value, std::vector<std::byte>& out);  // base64

  // Text from parameters, leniently.
  std::optional<bool> boolean(const Path& path, std::string_view text);
  std::optional<std::int64_t> integer(const Path& path, std::string_view text, std::int64_t least, std::int64_t most,
                                      const Constraints& constraints);
  std::optional<std::uint64_t> unsigned_integer(const Path& path, std::string_view text, std::uint64_t most,
                                                const Constraints& constraints);
  std::optional<double> number(const Path& path, std::string_view text);
  bool is_utf8(const Path& path, std::string_view text);

  // Types whose form is a text, whether it came from JSON or from a parameter.
  std::optional<Uuid> uuid(const Path& path, std::string_view text, Input input);
  std::optional<DayTime> date_time(const Path& path, std::string_view text, Input input);
  std::optional<DayTime> date_time(const Path& path, double seconds, Input input);
  std::optional<std::chrono::sys_days> date(const Path& path, std::string_view text, Input input);
  std::optional<std::chrono::sys_days> date(const Path& path, double seconds, Input input);
  std::optional<std::chrono::microseconds> duration(const Path& path, std::string_view text, Input input);
  std::optional<std::chrono::microseconds> duration(const Path& path, double seconds, Input input);
  void not_among(const Path& path, std::span<const std::string_view> names, Input input);

  // A text and the rules on it; one with a format is given in its normal form.
  void text(const Path& path, std::string_view text, Input input, const Limits& limits, std::string& out);

  // Rules; the errors they find are noted. True if there are none. A duration and a time are microseconds, a day is its
  // number since 1970.
  bool check_number(const Path& path, std::int64_t number, Input input, const Constraints& constraints);
  bool check_number(const Path& path, std::uint64_t number, Input input, const Constraints& constraints);
  bool check_number(const Path& path, double number, Input input, const Constraints& constraints);
  bool check_number(const Path& path, const Decimal& number, Input input, const Constraints& constraints);
  bool has_at_most(const Path& path, std::size_t count, std::size_t most, ItemsOf kind, Input input);
  bool has_at_least(const Path& path, std::size_t count, std::size_t least, ItemsOf kind, Input input);

 private:
  bool in_range(const Path& path, std::int64_t number, std::int64_t least, std::int64_t most, Input input);
  void fail_below(const Path& path, std::int64_t least, Input input);
  void fail_above(const Path& path, std::uint64_t most, Input input);
  void email(const Path& path, std::string_view text, Input input, std::string& out);
  void url(const Path& path, std::string_view text, Input input, std::string& out);
  void fail_year_0(const Path& path, Input input);
  bool is_within_calendar(const Path& path, DayTime time, Input input);
  std::optional<std::chrono::sys_days> midnight(const Path& path, DayTime time, Input input);
  void fail_integer_size(const Path& path, Input input);
  void fail_integer_text(const Path& path, bool too_long, std::string_view text);
  template <class N>
  bool check_bounds(const Path& path, const N& number, Input input, const Constraints& constraints);
  bool check_digits(const Path& path, const Decimal& number, Input input, const Constraints& constraints);

  Location prefix_;
  Conversion conversion_;
  ValidationErrors errors_;
  bool trial_ = false;
  bool refused_ = false;  // a trial that has failed
  bool values_wanted_ = true;
  Decisions* decisions_ = nullptr;
};

// A parsed text and its memory: small documents live on the stack.
class Document {
 public:
  Document();
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  // The errors, if there are any; else root() is the document.
  std::optional<ValidationErrors> parse(std::string_view text, const Location& prefix, JsonLimits limits);
  [[nodiscard]] const json::value& root() const noexcept { return *root_; }

 private:
  alignas(std::max_align_t) unsigned char buffer_[2048];
  json::storage_ptr storage_;
  std::optional<json::value> root_;
};

}  // namespace bailey::detail
