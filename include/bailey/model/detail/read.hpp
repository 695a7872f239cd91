#pragma once

#include <array>
#include <chrono>
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

#include <bailey/base/base64url.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/model/detail/reader.hpp>
#include <bailey/model/enums.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/owned.hpp>

// The walk over a target's type and a JSON value side by side. Every overload reads what it can and notes what it
// cannot: the target is thrown away when anything was noted.
namespace bailey::detail {

template <class T>
inline constexpr bool is_nullable = false;
template <class T>
inline constexpr bool is_nullable<std::optional<T>> = true;
template <class T>
inline constexpr bool is_nullable<Maybe<T>> = true;
template <class T>
inline constexpr bool is_nullable<std::unique_ptr<T>> = true;

template <class T>
inline constexpr bool is_sys_time = false;
template <class Duration>
inline constexpr bool is_sys_time<std::chrono::sys_time<Duration>> = true;

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class T>
inline constexpr bool cannot_be_read = false;

template <class T>
void read(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits);

// The form of a value that is a text in JSON and in parameters alike.
template <class T>
concept TextForm = std::same_as<T, std::string> || std::same_as<T, Secret> || std::same_as<T, Uuid> || Enumeration<T> ||
                   is_sys_time<T> || HasTextCodec<T>;

// A time of T's precision, if its range holds it.
template <class T>
void take_time(Reader& reader, const Path& path, std::optional<DayTime> read, Input input, T& out) {
  if (!read) return;
  const auto time = to_sys_time<typename T::duration>(*read);
  if (time) {
    out = *time;
  } else {
    reader.fail(path, "datetime_parsing", "Input should be a valid datetime, " + std::string(time.error()), input,
                {{"error", time.error()}});
  }
}

template <TextForm T>
void read_text_form(Reader& reader, const Path& path, std::string_view text, Input input, T& out,
                    const Limits& limits) {
  if constexpr (std::same_as<T, std::string>) {
    reader.text(path, text, input, limits, out);
  } else if constexpr (std::same_as<T, Secret>) {
    std::string taken;
    reader.text(path.hidden(), text, input, limits, taken);
    out = Secret(std::move(taken));
  } else if constexpr (std::same_as<T, Uuid>) {
    if (const auto uuid = reader.uuid(path, text, input)) out = *uuid;
  } else if constexpr (std::same_as<T, std::chrono::sys_days>) {
    if (const auto day = reader.date(path, text, input)) out = *day;
  } else if constexpr (is_sys_time<T>) {
    take_time(reader, path, reader.date_time(path, text, input), input, out);
  } else if constexpr (Enumeration<T>) {
    const auto found = parse_enum<T>(text);
    if (found) {
      out = *found;
    } else {
      reader.not_among(path, enum_names<T>, input);
    }
  } else {
    static_assert(!holds_view<T>(),
                  "What is read must own what it holds: the text that its TextCodec is given is gone when the value is "
                  "used. Keep a std::string instead of a view.");
    auto made = TextCodec<T>::from_text(text);
    if (made) {
      out = *std::move(made);
    } else {
      reader.fail_value(path, made.error(), input);
    }
  }
}

// A JSON value that is no text although the type's form is one: a time counted in seconds, or an error.
template <TextForm T>
void read_not_text(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits) {
  const bool counted = reader.is_lenient() && value.is_number();
  if constexpr (std::same_as<T, Uuid>) {
    reader.fail(path, "uuid_type", "UUID input should be a string, bytes or UUID object", value);
  } else if constexpr (std::same_as<T, std::chrono::sys_days>) {
    if (!counted) return reader.fail(path, "date_type", "Input should be a valid date", value);
    if (const auto day = reader.date(path, value.to_number<double>(), value)) out = *day;
  } else if constexpr (is_sys_time<T>) {
    if (!counted) return reader.fail(path, "datetime_type", "Input should be a valid datetime", value);
    take_time(reader, path, reader.date_time(path, value.to_number<double>(), value), value, out);
  } else if constexpr (Enumeration<T>) {
    reader.not_among(path, enum_names<T>, value);
  } else if (limits.constraints.text_format == TextFormat::url) {
    reader.fail(path, "url_type", "URL input should be a string or URL", value);
  } else {
    reader.fail(std::same_as<T, Secret> ? path.hidden() : path, "string_type", "Input should be a valid string", value);
  }
}

// Numbers, from JSON or from a parameter: the two differ in what `reader` does with `source`.
template <Integer T, class Source>
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

template <std::floating_point T, class Source>
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

inline Input shown_unless(bool hide, const json::value& value) { return hide ? Input() : Input(value); }

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
  if constexpr (constraints.pattern.empty()) {
    read(reader, here, *found, out, Limits{constraints, nullptr});
  } else {
    static const Pattern compiled(constraints.pattern);
    read(reader, here, *found, out, Limits{constraints, &compiled});
  }
}

template <Model T>
void read_model(Reader& reader, const Path& path, const json::value& value, T& out) {
  if (!value.is_object()) {
    reader.fail(path, "model_attributes_type", "Input should be a valid dictionary or object to extract fields from",
                shown_unless(holds_secret<T>, value));
    return;
  }
  const std::size_t before = reader.error_count();
  for_each_member(out, [&]<std::size_t I>(auto& member) { read_member<T, I>(reader, path, value, member); });
  if constexpr (has_rules<T>) {
    if constexpr (rules<T>.forbid_extra) {
      for (const auto& [key, extra] : value.get_object()) {
        if (std::ranges::find(wire_names<T>, std::string_view(key)) != wire_names<T>.end()) continue;
        reader.fail(path.member(key), "extra_forbidden", "Extra inputs are not permitted",
                    shown_unless(holds_secret<T>, extra));
      }
    }
    if constexpr (rules<T>.check_count > 0) {
      if (reader.error_count() == before) {
        for (const auto& rule : std::span(rules<T>.checks).first(rules<T>.check_count)) {
          if (const std::optional<std::string> sentence = rule.check(out)) {
            reader.fail_value(path, *sentence, shown_unless(holds_secret<T>, value));
          }
        }
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
void read_into(Reader& reader, const Path& path, const json::value& value, std::vector<T>& out, const Limits& limits) {
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
void read_into(Reader& reader, const Path& path, const json::value& value, std::array<T, N>& out,
               const Limits& limits) {
  if (!read_list_kind<T>(reader, path, value)) return;
  const json::array& items = value.get_array();
  const Input shown = shown_unless(holds_secret<T>, value);
  if (!reader.has_at_most(path, items.size(), N, ItemsOf::list, shown)) return;
  const std::size_t before = reader.error_count();
  for (std::size_t i = 0; i < std::min(N, items.size()); ++i) {
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

template <class T>
void read_into(Reader& reader, const Path& path, const json::value& value, std::map<std::string, T>& out,
               const Limits& limits) {
  read_map(reader, path, value, out, limits);
}

template <class T>
void read_into(Reader& reader, const Path& path, const json::value& value, std::unordered_map<std::string, T>& out,
               const Limits& limits) {
  read_map(reader, path, value, out, limits);
}

template <class T>
void read_into(Reader& reader, const Path& path, const json::value& value, std::optional<T>& out,
               const Limits& limits) {
  out.reset();
  if (!value.is_null()) read(reader, path, value, out.emplace(), limits);
}

template <class T>
void read_into(Reader& reader, const Path& path, const json::value& value, Maybe<T>& out, const Limits& limits) {
  if (value.is_null()) {
    out = Maybe<T>::null();
    return;
  }
  T inner{};
  read(reader, path, value, inner, limits);
  out = Maybe<T>(std::move(inner));
}

template <class T>
void read_into(Reader& reader, const Path& path, const json::value& value, std::unique_ptr<T>& out,
               const Limits& limits) {
  out.reset();
  if (value.is_null()) return;
  out = std::make_unique<T>();
  read(reader, path, value, *out, limits);
}

// What an alternative is called in the location of an error: as pydantic calls it, since C++'s own names for text and
// numbers say nothing to whoever made the request.
template <class T>
constexpr std::string_view alternative_name() {
  if constexpr (std::same_as<T, std::monostate>) {
    return "none";
  } else if constexpr (std::same_as<T, bool>) {
    return "bool";
  } else if constexpr (Integer<T>) {
    return "int";
  } else if constexpr (std::floating_point<T>) {
    return "float";
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Secret>) {
    return "str";
  } else if constexpr (std::same_as<T, Uuid>) {
    return "uuid";
  } else if constexpr (std::same_as<T, std::chrono::sys_days>) {
    return "date";
  } else if constexpr (is_sys_time<T>) {
    return "datetime";
  } else {
    return type_name<T>;
  }
}

// The first alternative, in their order, that takes the value as it is, or else converted; else the errors of all, each
// under its type's name.
template <class... T>
void read_into(Reader& reader, const Path& path, const json::value& value, std::variant<T...>& out,
               const Limits& limits) {
  Conversion conversion = Conversion::none;
  Reader failures = reader.branch(conversion);
  // A value that some alternative may hold as a secret is not shown by the others either.
  const Path here = (holds_secret<T> || ...) ? path.hidden() : path;
  const auto fits = [&]<class Alternative>(std::type_identity<Alternative>) {
    Reader attempt = reader.branch(conversion);
    Alternative made{};
    read(attempt, here.member(alternative_name<Alternative>()), value, made, limits);
    if (attempt.failed()) {
      failures.adopt(std::move(attempt));
      return false;
    }
    out = std::move(made);
    return true;
  };
  if ((fits(std::type_identity<T>{}) || ...)) return;
  if (reader.is_lenient()) {
    conversion = Conversion::lenient;
    failures = reader.branch(conversion);
    if ((fits(std::type_identity<T>{}) || ...)) return;
  }
  reader.adopt(std::move(failures));
}

template <class T>
void read(Reader& reader, const Path& path, const json::value& value, T& out, const Limits& limits) {
  if constexpr (std::same_as<T, bool>) {
    if (const auto truth = reader.boolean(path, value)) out = *truth;
  } else if constexpr (Integer<T>) {
    read_integer(reader, path, value, out, limits);
  } else if constexpr (std::floating_point<T>) {
    read_real(reader, path, value, out, limits);
  } else if constexpr (TextForm<T>) {
    if (value.is_string()) {
      read_text_form(reader, path, std::string_view(value.get_string()), value, out, limits);
    } else {
      read_not_text(reader, path, value, out, limits);
    }
  } else if constexpr (std::same_as<T, json::value>) {
    out = json::value(value, json::storage_ptr());
  } else if constexpr (std::same_as<T, json::object>) {
    if (value.is_object()) {
      out = json::object(value.get_object(), json::storage_ptr());
    } else {
      reader.fail(path, "dict_type", "Input should be a valid dictionary", value);
    }
  } else if constexpr (std::same_as<T, json::array>) {
    if (read_list_kind<T>(reader, path, value)) out = json::array(value.get_array(), json::storage_ptr());
  } else if constexpr (std::same_as<T, std::monostate>) {
    if (!value.is_null()) reader.fail(path, "none_required", "Input should be None", value);
  } else if constexpr (std::same_as<T, std::vector<std::byte>>) {
    reader.bytes(path, value, out);
  } else if constexpr (requires { read_into(reader, path, value, out, limits); }) {
    read_into(reader, path, value, out, limits);
  } else if constexpr (Model<T>) {
    read_model(reader, path, value, out);
  } else {
    static_assert(cannot_be_read<T>,
                  "This type cannot be decoded: use a plain struct, one of the types named at `decode`, or "
                  "specialise bailey::TextCodec for it.");
  }
}

}  // namespace bailey::detail
