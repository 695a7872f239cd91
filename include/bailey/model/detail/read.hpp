#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <bailey/base/secret.hpp>
#include <bailey/model/detail/reader.hpp>
#include <bailey/model/detail/write.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/owned.hpp>
#include <bailey/model/shape.hpp>

// The walk over a target's type and a JSON value side by side. Every function reads what it can and notes what it
// cannot: the target is thrown away when anything was noted.
namespace bailey::detail {

// What of the shapes can be made from what is read: what owns what it says, and containers that are known by name.
template <class T>
inline constexpr bool is_readable_container = false;
template <class T>
inline constexpr bool is_readable_container<std::optional<T>> = true;
template <class T>
inline constexpr bool is_readable_container<std::unique_ptr<T>> = true;
template <class T>
inline constexpr bool is_readable_container<std::vector<T>> = true;
template <class T, class Less>
inline constexpr bool is_readable_container<std::map<std::string, T, Less>> = true;
template <class T, class Hash, class Equal>
inline constexpr bool is_readable_container<std::unordered_map<std::string, T, Hash, Equal>> = true;

template <class T>
consteval bool is_readable() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::none) {
    return false;
  } else if constexpr (shape == Shape::null) {
    return std::same_as<T, std::monostate>;
  } else if constexpr (shape == Shape::text) {
    return std::same_as<T, std::string>;
  } else if constexpr (shape == Shape::optional || shape == Shape::list || shape == Shape::map) {
    return is_readable_container<T>;
  } else {
    return true;
  }
}

template <class T>
void read(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits);

// The form of a value that is a text in JSON and in parameters alike.
consteval bool is_text_form(Shape shape) {
  return shape == Shape::text || shape == Shape::secret || shape == Shape::uuid || shape == Shape::date ||
         shape == Shape::time || shape == Shape::duration || shape == Shape::enumeration || shape == Shape::coded;
}

template <class T>
void take_date(Reader& reader, const Path& path, std::optional<std::chrono::sys_days> read, Input input, T& out,
               const Limits& limits) {
  if (!read || !reader.check_number(path, std::int64_t{read->time_since_epoch().count()}, input, limits.constraints))
    return;
  out = *read;
}

// A time of T's precision, if its range holds it.
template <class T>
void take_time(Reader& reader, const Path& path, std::optional<DayTime> read, Input input, T& out,
               const Limits& limits) {
  using std::chrono::microseconds;
  if (!read) return;
  const std::int64_t since_1970 = (std::chrono::duration_cast<microseconds>(read->day.time_since_epoch()) +
                                   std::chrono::floor<microseconds>(read->since_midnight))
                                      .count();
  if (!reader.check_number(path, since_1970, input, limits.constraints)) return;
  const auto time = to_sys_time<typename T::duration>(*read);
  if (time) {
    out = *time;
  } else {
    reader.fail(path, "datetime_parsing", "Input should be a valid datetime, " + std::string(time.error()), input,
                {{"error", time.error()}});
  }
}

// A duration in T's unit, cut off towards zero, if its range holds it.
template <class T>
void take_duration(Reader& reader, const Path& path, std::optional<std::chrono::microseconds> read, Input input, T& out,
                   const Limits& limits) {
  if (!read || !reader.check_number(path, std::int64_t{read->count()}, input, limits.constraints)) return;
  using Count = typename T::rep;
  if constexpr (std::is_integral_v<Count>) {
    const auto exact = std::chrono::duration<double, typename T::period>(*read).count();
    if (exact >= -std::ldexp(1.0, 63) && exact < std::ldexp(1.0, 63)) {
      const auto count =
          std::chrono::duration_cast<std::chrono::duration<std::int64_t, typename T::period>>(*read).count();
      if (std::in_range<Count>(count)) {
        out = T(static_cast<Count>(count));
        return;
      }
    }
    reader.fail(path, "time_delta_parsing", "Input should be a valid timedelta, duration is too large", input,
                {{"error", "duration is too large"}});
  } else {
    out = std::chrono::duration_cast<T>(*read);
  }
}

template <class T>
void read_text_form(Reader& reader, const Path& path, std::string_view text, Input input, T& out,
                    const Limits& limits) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::text) {
    reader.text(path, text, input, limits, out);
  } else if constexpr (shape == Shape::secret) {
    std::string taken;
    reader.text(path.hidden(), text, input, limits, taken);
    out = Secret(std::move(taken));
  } else if constexpr (shape == Shape::uuid) {
    if (const auto uuid = reader.uuid(path, text, input)) out = *uuid;
  } else if constexpr (shape == Shape::date) {
    take_date(reader, path, reader.date(path, text, input), input, out, limits);
  } else if constexpr (shape == Shape::time) {
    take_time(reader, path, reader.date_time(path, text, input), input, out, limits);
  } else if constexpr (shape == Shape::duration) {
    take_duration(reader, path, reader.duration(path, text, input), input, out, limits);
  } else if constexpr (shape == Shape::enumeration) {
    const auto found = parse_enum<T>(text);
    if (found) {
      out = *found;
    } else {
      reader.not_among(path, enum_names<T>, input);
    }
  } else if constexpr (shape == Shape::coded) {
    static_assert(!holds_view<T>(),
                  "What is read must own what it holds: the text that its TextCodec is given is gone when the value is "
                  "used. Keep a std::string instead of a view.");
    auto made = TextCodec<T>::from_text(text);
    if (made) {
      if constexpr (is_decimal_leaf<T>) {
        if (!reader.check_number(path, *made, input, limits.constraints)) return;
      }
      out = *std::move(made);
    } else if constexpr (requires { TextCodec<T>::error_begin; }) {
      reader.fail(path, TextCodec<T>::error_type, std::string(TextCodec<T>::error_begin) + made.error(), input,
                  {{"error", made.error()}});
    } else if constexpr (requires { TextCodec<T>::error_type; }) {
      reader.fail(path, TextCodec<T>::error_type, made.error(), input);
    } else {
      reader.fail_value(path, made.error(), input);
    }
  }
}

// A JSON value that is no text although the type's form is one: a time or a duration counted in seconds, or an error.
template <class T>
void read_not_text(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits) {
  constexpr Shape shape = shape_of<T>;
  const bool counted = reader.is_lenient() && value.is_number();
  if constexpr (requires { TextCodec<T>::takes_numbers; }) {
    if (TextCodec<T>::takes_numbers && value.is_number()) {
      std::string text;
      append_json(text, value);
      return read_text_form(reader, path, text, value, out, limits);
    }
  }
  if constexpr (requires { TextCodec<T>::kind_error_type; }) {
    reader.fail(path, TextCodec<T>::kind_error_type, TextCodec<T>::kind_error, value);
  } else if constexpr (shape == Shape::uuid) {
    reader.fail(path, "uuid_type", "UUID input should be a string, bytes or UUID object", value);
  } else if constexpr (shape == Shape::date) {
    if (!counted) return reader.fail(path, "date_type", "Input should be a valid date", value);
    take_date(reader, path, reader.date(path, value.to_number<double>(), value), value, out, limits);
  } else if constexpr (shape == Shape::time) {
    if (!counted) return reader.fail(path, "datetime_type", "Input should be a valid datetime", value);
    take_time(reader, path, reader.date_time(path, value.to_number<double>(), value), value, out, limits);
  } else if constexpr (shape == Shape::duration) {
    if (!counted) return reader.fail(path, "time_delta_type", "Input should be a valid timedelta", value);
    take_duration(reader, path, reader.duration(path, value.to_number<double>(), value), value, out, limits);
  } else if constexpr (shape == Shape::enumeration) {
    reader.not_among(path, enum_names<T>, value);
  } else if (limits.constraints.text_format == TextFormat::url) {
    reader.fail(path, "url_type", "URL input should be a string or URL", value);
  } else {
    reader.fail(shape == Shape::secret ? path.hidden() : path, "string_type", "Input should be a valid string", value);
  }
}

// Numbers, from JSON or from a parameter: the two differ in what `reader` does with `source`.
template <class T, class Source>
void read_integer(Reader& reader, const Path& path, const Source& source, T& out, const Limits& limits) {
  using Range = std::numeric_limits<T>;
  if constexpr (std::is_signed_v<T>) {
    const auto number = reader.integer(path, source, Range::min(), Range::max(), limits.constraints);
    if (number) out = static_cast<T>(*number);
  } else {
    const auto number = reader.unsigned_integer(path, source, Range::max(), limits.constraints);
    if (number) out = static_cast<T>(*number);
  }
}

template <class T, class Source>
void read_real(Reader& reader, const Path& path, const Source& source, T& out, const Limits& limits) {
  const auto number = reader.number(path, source);
  if (!number) return;
  // What a float cannot hold would become an infinity.
  if (*number > std::numeric_limits<T>::max() || *number < std::numeric_limits<T>::lowest()) {
    reader.fail(path, "finite_number", "Input should be a finite number", source);
    return;
  }
  reader.check_number(path, *number, source, limits.constraints);
  out = static_cast<T>(*number);
}

// Compared as they are encoded: the order costs n log n, whoever sends them.
template <class List>
bool has_equal_items(const List& items) {
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (const auto& item : items) write(item, texts.emplace_back());
  std::ranges::sort(texts);
  return std::ranges::adjacent_find(texts) != texts.end();
}

inline Input shown_unless(bool hide, const json::value& value) { return hide ? Input() : Input(value); }

// Of a list whose items are right.
template <class T>
void require_unique_items(Reader& reader, const Path& path, const T& value, Input input) {
  if constexpr (is_nullable<T>) {
    if (value.has_value()) require_unique_items(reader, path, *value, input);
  } else {
    static_assert(!holds_secret<ElementOf<T>>, "unique_items would tell which of two secrets are the same.");
    if (has_equal_items(value)) reader.fail_value(path, "the items must differ from each other", input);
  }
}

template <class T>
consteval bool has_member_checks_of() {
  if constexpr (has_rules<T>) return rules_of<T>.member_check_count > 0;
  return false;
}
template <class T>
inline constexpr bool has_member_checks = has_member_checks_of<T>();

template <class T, std::size_t I, class Member>
void check_member(Reader& reader, const Path& path, const json::value& value, Member& out) {
  for (const auto& rule : std::span(rules_of<T>.member_checks).first(rules_of<T>.member_check_count)) {
    if (rule.member != member_names<T>[I]) continue;
    if (const std::optional<std::string> sentence = rule.check(&out)) {
      reader.fail_value(path, *sentence, shown_unless(holds_secret<Member>, value));
    }
  }
}

template <class T, std::size_t I, class Member>
void read_member(Reader& reader, const Path& path, const json::value& object, Member& out) {
  static_assert(!std::is_const_v<Member>, "A model that is decoded cannot have const members.");
  constexpr const Constraints& constraints = member_constraints<T>[I];
  if (reader.full()) return;
  const json::value* found = object.get_object().if_contains(wire_names<T>[I]);
  const Path here = path.member(wire_names<T>[I], constraints.is_secret);
  if (found == nullptr) {
    if constexpr (!constraints.is_defaulted && !is_nullable<Member>) {
      reader.fail(here, "missing", "Field required", here.secret ? Input() : shown_unless(holds_secret<T>, object));
    }
    return;
  }
  [[maybe_unused]] const std::size_t before = reader.error_count();
  [[maybe_unused]] const bool values_wanted = reader.wants_values();
  if constexpr (constraints.has_unique_items) reader.want_values(true);
  if constexpr (constraints.pattern.empty()) {
    read(reader, here, *found, out, Limits{constraints, nullptr});
  } else {
    static const Pattern compiled(constraints.pattern);
    read(reader, here, *found, out, Limits{constraints, &compiled});
  }
  if constexpr (constraints.has_unique_items) {
    reader.want_values(values_wanted);
    if (reader.error_count() == before)
      require_unique_items(reader, here, out, shown_unless(holds_secret<Member>, *found));
  }
  if constexpr (has_member_checks<T>) {
    if (reader.error_count() == before) check_member<T, I>(reader, here, *found, out);
  }
}

// Rules on the whole object, which need the values of its members.
template <class T>
consteval bool has_checks_of() {
  if constexpr (has_rules<T>) return rules_of<T>.check_count > 0;
  return false;
}
template <class T>
inline constexpr bool has_checks = has_checks_of<T>();

template <class T>
void read_model(Reader& reader, const Path& path, const json::value& value, T& out) {
  if (!value.is_object()) {
    reader.fail(path, "model_attributes_type", "Input should be a valid dictionary or object to extract fields from",
                shown_unless(holds_secret<T>, value));
    return;
  }
  const std::size_t before = reader.error_count();
  const bool values_wanted = reader.wants_values();
  if constexpr (has_checks<T> || has_member_checks<T>) reader.want_values(true);
  for_each_member(out, [&]<std::size_t I>(auto& member) { read_member<T, I>(reader, path, value, member); });
  reader.want_values(values_wanted);
  if constexpr (has_rules<T>) {
    if constexpr (rules_of<T>.forbid_extra) {
      for (const auto& [key, extra] : value.get_object()) {
        if (std::ranges::find(wire_names<T>, std::string_view(key)) != wire_names<T>.end()) continue;
        reader.fail(path.member(key), "extra_forbidden", "Extra inputs are not permitted",
                    shown_unless(holds_secret<T>, extra));
      }
    }
  }
  if constexpr (least_members<T> > 0) {
    if (reader.error_count() != before) return;
    const auto is_there = [&](std::string_view name) { return value.get_object().contains(name); };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(wire_names<T>, is_there));
    if (!reader.has_at_least(path, count, least_members<T>, ItemsOf::dictionary, shown_unless(holds_secret<T>, value)))
      return;
  }
  if constexpr (has_checks<T>) {
    if (reader.error_count() != before) return;
    for (const auto& rule : std::span(rules_of<T>.checks).first(rules_of<T>.check_count)) {
      if (const std::optional<std::string> sentence = rule.check(out)) {
        reader.fail_value(path, *sentence, shown_unless(holds_secret<T>, value));
      }
    }
  }
  static_cast<void>(before);
}

template <class T>
bool read_list_kind(Reader& reader, const Path& path, const json::value& value) {
  if (value.is_array()) return true;
  reader.fail(path, "list_type", "Input should be a valid list", shown_unless(holds_secret<T>, value));
  return false;
}

template <class T>
void read_list(Reader& reader, const Path& path, const json::value& value, std::vector<T>& out, const Limits& limits) {
  if (!read_list_kind<T>(reader, path, value)) return;
  const json::array& items = value.get_array();
  const Input shown = shown_unless(holds_secret<T>, value);
  // Checked first: a list that is too long is not worth building.
  if (!reader.has_at_most(path, items.size(), limits.max_items(), ItemsOf::list, shown)) return;
  const std::size_t before = reader.error_count();
  out.clear();
  out.reserve(items.size());
  for (std::size_t i = 0; i < items.size() && !reader.full(); ++i) {
    T item{};
    read(reader, path.item(i), items[i], item, limits.of_items());
    out.push_back(std::move(item));
  }
  if (reader.error_count() == before) {
    reader.has_at_least(path, items.size(), limits.min_items(), ItemsOf::list, shown);
  }
}

template <class T, std::size_t N>
void read_array(Reader& reader, const Path& path, const json::value& value, std::array<T, N>& out,
                const Limits& limits) {
  if (!read_list_kind<T>(reader, path, value)) return;
  const json::array& items = value.get_array();
  const Input shown = shown_unless(holds_secret<T>, value);
  if (!reader.has_at_most(path, items.size(), N, ItemsOf::list, shown)) return;
  const std::size_t before = reader.error_count();
  for (std::size_t i = 0; i < std::min(N, items.size()) && !reader.full(); ++i) {
    read(reader, path.item(i), items[i], out[i], limits.of_items());
  }
  if (reader.error_count() == before) reader.has_at_least(path, items.size(), N, ItemsOf::list, shown);
}

template <class Map>
void read_map(Reader& reader, const Path& path, const json::value& value, Map& out, const Limits& limits) {
  constexpr bool hide = holds_secret<typename Map::mapped_type>;
  if (!value.is_object()) {
    reader.fail(path, "dict_type", "Input should be a valid dictionary", shown_unless(hide, value));
    return;
  }
  const json::object& members = value.get_object();
  const Input shown = shown_unless(hide, value);
  if (!reader.has_at_most(path, members.size(), limits.max_items(), ItemsOf::dictionary, shown)) return;
  const std::size_t before = reader.error_count();
  for (const auto& [key, member] : members) {
    if (reader.full()) return;
    read(reader, path.member(key), member, out[std::string(key)], limits.of_items());
  }
  if (reader.error_count() == before) {
    reader.has_at_least(path, members.size(), limits.min_items(), ItemsOf::dictionary, shown);
  }
}

// A value that may itself be null, where null was asked not to come.
template <class T>
void read_not_null(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits) {
  if constexpr (shape_of<T> == Shape::json_value) {
    if (value.is_null()) return reader.fail_value(path, "null is no value here", value);
  }
  read(reader, path, value, out, limits);
}

template <class T>
void read_optional(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits) {
  out.reset();
  if (value.is_null() && !limits.is_not_null()) return;
  if constexpr (requires { out.emplace(); }) {
    out.emplace();
  } else {
    out = std::make_unique<ElementOf<T>>();
  }
  read_not_null(reader, path, value, *out, limits);
}

template <class T>
void read_maybe(Reader& reader, const Path& path, const json::value& value, Maybe<T>& out, const Limits& limits) {
  if (value.is_null() && !limits.is_not_null()) {
    out = Maybe<T>::null();
    return;
  }
  T inner{};
  read_not_null(reader, path, value, inner, limits);
  out = Maybe<T>(std::move(inner));
}

template <class... T>
void read_variant(Reader& reader, const Path& path, const json::value& value, std::variant<T...>& out,
                  const Limits& limits);

template <class T>
void read(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits) {
  constexpr Shape shape = shape_of<T>;
  static_assert(is_readable<T>(),
                "This type cannot be decoded: use a plain struct, one of the types named at `decode`, or "
                "specialise bailey::TextCodec for it.");
  if constexpr (shape == Shape::null) {
    if (!value.is_null()) reader.fail(path, "none_required", "Input should be None", value);
  } else if constexpr (shape == Shape::boolean) {
    if (const auto truth = reader.boolean(path, value)) out = *truth;
  } else if constexpr (shape == Shape::integer) {
    read_integer(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::real) {
    read_real(reader, path, value, out, limits);
  } else if constexpr (is_text_form(shape)) {
    if (value.is_string()) {
      read_text_form(reader, path, std::string_view(value.get_string()), value, out, limits);
    } else {
      read_not_text(reader, path, value, out, limits);
    }
  } else if constexpr (shape == Shape::bytes) {
    reader.bytes(path, value, out);
  } else if constexpr (shape == Shape::json_value) {
    out = json::value(value, json::storage_ptr());
  } else if constexpr (shape == Shape::json_object) {
    if (value.is_object()) {
      out = json::object(value.get_object(), json::storage_ptr());
    } else {
      reader.fail(path, "dict_type", "Input should be a valid dictionary", value);
    }
  } else if constexpr (shape == Shape::json_array) {
    if (read_list_kind<T>(reader, path, value)) out = json::array(value.get_array(), json::storage_ptr());
  } else if constexpr (shape == Shape::optional) {
    read_optional(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::maybe) {
    read_maybe(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::variant) {
    read_variant(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::array) {
    read_array(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::list) {
    read_list(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::map) {
    read_map(reader, path, value, out, limits);
  } else if constexpr (shape == Shape::model) {
    read_model(reader, path, value, out);
  }
}

}  // namespace bailey::detail

#include <bailey/model/detail/read_variant.hpp>
