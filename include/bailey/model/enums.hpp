#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bailey/model/spelling.hpp>

// Enumerations by name: `enum class Status { draft, published }` is "draft" and "published" on the wire. A trailing
// underscore (`delete_`) is dropped.
namespace bailey {

template <class E>
concept Enumeration = std::is_enum_v<E> && !std::is_same_v<E, std::byte>;

// An enumerator and what it is called on the wire.
template <Enumeration E>
struct Enumerator {
  E value{};
  std::string_view name;  // lives as long as the program
};

namespace detail {
struct Searched {};
}  // namespace detail

// The enumerators of E. Those from -128 to 255, and those of one bit (flags), are found without help; an enumeration
// with others lists all it has, right behind itself. What is neither found nor listed is not taken from the wire, and
// encoding it throws.
//
//   enum class Reply { done = 200, moved = 301 };
//   template <> inline constexpr auto bailey::enumerators<Reply> = std::array{Reply::done, Reply::moved};
//
// So does one whose names on the wire are others than in C++, as those of a PostgreSQL enum may be:
//
//   enum class Progress { waiting, in_progress };
//   template <> inline constexpr auto bailey::enumerators<Progress> =
//       std::array{bailey::Enumerator{Progress::waiting, "waiting"},
//                  bailey::Enumerator{Progress::in_progress, "in progress"}};
template <Enumeration E>
inline constexpr auto enumerators = detail::Searched{};

namespace detail {

// A spelled value is an enumerator's name if it does not begin with a cast or a digit: "app::Status::draft",
// "(Status)7".
constexpr std::string_view enumerator_in(std::string_view spelled) {
  while (!spelled.empty() && spelled.front() == ' ') spelled.remove_prefix(1);
  const std::string_view name = last_identifier(spelled);
  const bool cast = spelled.starts_with('(') && spelled.substr(0, spelled.size() - name.size()).ends_with(')');
  const bool number = name.empty() || (name.front() >= '0' && name.front() <= '9');
  return cast || number ? std::string_view{} : without_keyword_mark(name);
}

// The values to look for names at, in ascending order.
template <class E>
consteval auto enum_candidates() {
  if constexpr (std::is_same_v<std::remove_const_t<decltype(enumerators<E>)>, Searched>) {
    using Number = std::underlying_type_t<E>;
    using Range = std::numeric_limits<Number>;
    constexpr int least = std::is_signed_v<Number> ? -128 : 0;
    constexpr int most = static_cast<int>(std::min<std::uintmax_t>(Range::max(), 255));
    // Flags: what a signed type's sign bit is, and the bits above the range.
    constexpr int sign_bit = std::is_signed_v<Number> && Range::digits > 8 ? 1 : 0;
    constexpr int bits_above = std::max(Range::digits - 8, 0);
    std::array<E, static_cast<std::size_t>(sign_bit + (most - least + 1) + bits_above)> candidates{};
    std::size_t count = 0;
    if (sign_bit != 0) candidates[count++] = static_cast<E>(Range::min());
    for (int number = least; number <= most; ++number) candidates[count++] = static_cast<E>(number);
    for (int bit = 8; bit < Range::digits; ++bit) {
      candidates[count++] = static_cast<E>(static_cast<Number>(std::uintmax_t{1} << bit));
    }
    return candidates;
  } else {
    auto listed = enumerators<E>;
    std::ranges::sort(listed);
    return listed;
  }
}

template <class E, std::size_t... I>
consteval auto spell_candidates(std::index_sequence<I...>) {
  constexpr auto candidates = enum_candidates<E>();
  std::array<Enumerator<E>, sizeof...(I)> spelled{Enumerator<E>{candidates[I], {}}...};
  // All in one instantiation: "… [Values = <app::Status::draft, app::Status::published, (app::Status)2, …>]".
  std::string_view text = spell_all<candidates[I]...>();
  text.remove_prefix(text.find("Values = ") + 10);
  text = text.substr(0, text.size() - 2);
  std::size_t begin = 0;
  std::size_t depth = 0;
  std::size_t found = 0;
  for (std::size_t i = 0; i <= text.size() && found < spelled.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '(' || c == '<' || c == '{') ++depth;
    if ((c == ')' || c == '>' || c == '}') && depth > 0) --depth;
    if (c == ',' && depth == 0) {
      spelled[found++].name = enumerator_in(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  return spelled;
}

// Those that are named in C++, in the order of the values.
template <class E>
consteval auto found_names() {
  constexpr auto spelled = spell_candidates<E>(std::make_index_sequence<enum_candidates<E>().size()>{});
  constexpr auto is_named = [](const Enumerator<E>& one) { return !one.name.empty(); };
  constexpr auto count = static_cast<std::size_t>(std::ranges::count_if(spelled, is_named));
  static_assert(count > 0,
                "An enumeration on the wire has enumerators from -128 to 255, or lists them in enumerators<E>.");
  if constexpr (!std::is_same_v<std::remove_const_t<decltype(enumerators<E>)>, Searched>) {
    static_assert(count == spelled.size(), "What enumerators<E> lists must be an enumerator of E.");
    static_assert(std::ranges::adjacent_find(spelled, {}, &Enumerator<E>::value) == spelled.end(),
                  "Two of what enumerators<E> lists have the same value.");
  }
  std::array<Enumerator<E>, count> named{};
  std::ranges::copy_if(spelled, named.begin(), is_named);
  return named;
}

template <class T>
inline constexpr bool has_own_names = false;
template <class E, std::size_t N>
inline constexpr bool has_own_names<std::array<Enumerator<E>, N>> = true;

// Those of enumerators<E> where it names them, in the order of the values.
template <class E>
consteval auto own_names() {
  constexpr auto by_name = [] {
    auto named = enumerators<E>;
    std::ranges::sort(named, {}, &Enumerator<E>::name);
    return named;
  }();
  static_assert(std::ranges::adjacent_find(by_name, {}, &Enumerator<E>::name) == by_name.end(),
                "Two of what enumerators<E> lists have the same name.");
  static_assert(std::ranges::none_of(by_name, &std::string_view::empty, &Enumerator<E>::name),
                "Each of what enumerators<E> lists has a name.");
  constexpr auto by_value = [] {
    auto named = enumerators<E>;
    std::ranges::sort(named, {}, &Enumerator<E>::value);
    return named;
  }();
  static_assert(std::ranges::adjacent_find(by_value, {}, &Enumerator<E>::value) == by_value.end(),
                "Two of what enumerators<E> lists have the same value.");
  return by_value;
}

// The enumerators with their names, in the order of the values.
template <class E>
inline constexpr auto named_enumerators = [] {
  static_assert(requires { E{0}; }, "An enumeration on the wire must be an `enum class` or name its underlying type.");
  if constexpr (has_own_names<std::remove_const_t<decltype(enumerators<E>)>>)
    return own_names<E>();
  else
    return found_names<E>();
}();

// Throws: the value has no name.
[[noreturn]] void refuse_nameless(std::string_view enumeration, std::string_view number);

}  // namespace detail

// The names on the wire, in the order of the values. They live as long as the program.
template <Enumeration E>
inline constexpr auto enum_names = [] {
  std::array<std::string_view, detail::named_enumerators<E>.size()> names;
  std::ranges::transform(detail::named_enumerators<E>, names.begin(), &Enumerator<E>::name);
  return names;
}();

// Returns a value's name, or an empty one for a value that is no enumerator known by its name.
template <Enumeration E>
[[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
  const auto& known = detail::named_enumerators<E>;
  const auto at = std::ranges::lower_bound(known, value, {}, &Enumerator<E>::value);
  return at != known.end() && at->value == value ? at->name : std::string_view{};
}

// Returns a value's name, for the wire, or throws std::out_of_range for a value without one.
template <Enumeration E>
[[nodiscard]] constexpr std::string_view enum_text(E value) {
  const std::string_view name = enum_name(value);
  if (name.empty()) {
    detail::refuse_nameless(detail::without_namespaces(detail::type_in_spelling(detail::spell_type<E>())),
                            std::to_string(+std::to_underlying(value)));
  }
  return name;
}

// Returns the value of that name, compared byte by byte, or nullopt.
template <Enumeration E>
[[nodiscard]] constexpr std::optional<E> parse_enum(std::string_view name) noexcept {
  for (const auto& one : detail::named_enumerators<E>) {
    if (one.name == name) return one.value;
  }
  return std::nullopt;
}

}  // namespace bailey
