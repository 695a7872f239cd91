#pragma once

#include <concepts>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bailey/model/detail/setting_reader.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/settings_options.hpp>
#include <bailey/model/shape.hpp>

// A program's settings: an aggregate that is read from environment variables, .env files and a directory of secrets.
namespace bailey {

namespace detail {

// Whether a member has a value of its own where the struct is made: an initialiser other than 0, false or empty.
template <class M>
bool has_initialiser(const M& member) {
  constexpr Shape shape = shape_of<M>;
  if constexpr (shape == Shape::secret || shape == Shape::list || shape == Shape::map || shape == Shape::bytes) {
    return !member.empty();
  } else if constexpr (is_duration<M> || (std::equality_comparable<M> && std::is_default_constructible_v<M> &&
                                          shape != Shape::array && shape != Shape::variant)) {
    return !(member == M{});
  } else {
    return false;
  }
}

// A type whose initialiser is often 0, which cannot be told from none.
template <class M>
consteval bool may_be_zero() {
  constexpr Shape shape = shape_of<M>;
  return is_duration<M> || shape == Shape::boolean || shape == Shape::integer || shape == Shape::real ||
         shape == Shape::enumeration;
}

// A member that is a group of variables: a model, or an optional one.
template <class M>
consteval bool is_group() {
  if constexpr (shape_of<M> == Shape::model) return true;
  if constexpr (is_nullable<M>) return shape_of<ElementOf<M>> == Shape::model;
  return false;
}

template <class T, class... Seen>
void declare_settings(SettingSources& sources, const SettingName& parent) {
  static_assert(!(std::same_as<T, Seen> || ...), "Settings that contain themselves would have no end of variables.");
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto declare = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
      using M = MemberType<T, At>;
      const SettingName name = parent.member(wire_names<T>[At]);
      if constexpr (is_group<M>()) {
        if constexpr (is_nullable<M>) {
          declare_settings<ElementOf<M>, Seen..., T>(sources, name);
        } else {
          declare_settings<M, Seen..., T>(sources, name);
        }
      } else {
        sources.declare(name);
      }
    };
    (declare(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<member_count<T>>{});
}

template <class T>
void read_settings(SettingSources& sources, const SettingName& parent, T& settings);

template <class T, std::size_t I, class M>
void read_setting_member(SettingSources& sources, const SettingName& name, M& member) {
  constexpr const Constraints& rules = member_constraints<T>[I];
  if constexpr (is_group<M>() && !is_nullable<M>) {
    read_settings(sources, name, member);
  } else if constexpr (is_group<M>()) {
    if (!sources.has_any_of(name)) return;
    ElementOf<M> group{};
    read_settings(sources, name, group);
    if constexpr (std::is_constructible_v<M, ElementOf<M>>) {
      member = M(std::move(group));
    } else {
      member = std::make_unique<ElementOf<M>>(std::move(group));
    }
  } else {
    const std::optional<std::string> text = sources.find(name);
    if (!text) {
      if (!rules.is_defaulted && !is_nullable<M> && !has_initialiser(member) && !sources.has_failed(name))
        sources.fail_missing(name, expected_setting<M>(rules), may_be_zero<M>());
      return;
    }
    std::expected<M, std::string> read = read_setting<M>(*text, rules);
    if (read) {
      member = *std::move(read);
    } else {
      sources.fail_value(name, read.error(), expected_setting<M>(rules),
                         is_shown<M>(rules) ? std::string_view(*text) : std::string_view{});
    }
  }
}

template <class T>
void read_settings(SettingSources& sources, const SettingName& parent, T& settings) {
  static_assert(least_members<T> == 0, "min_members counts what a JSON object brings; settings have none.");
  const std::size_t before = sources.problem_count();
  for_each_member(settings, [&]<std::size_t I>(auto& member) {
    read_setting_member<T, I>(sources, parent.member(wire_names<T>[I]), member);
  });
  if constexpr (has_checks<T>) {
    if (sources.problem_count() != before) return;
    for (const auto& rule : std::span(rules_of<T>.checks).first(rules_of<T>.check_count))
      if (const std::optional<std::string> sentence = rule.check(settings)) sources.fail_group(parent, *sentence);
  }
  static_cast<void>(before);
}

}  // namespace detail

// Reads a T, a plain aggregate with or without rules (rules.hpp), of variables that are called as its members are:
//
//   struct Settings {
//     std::string title = "Cards";
//     Secret api_key;
//     std::vector<std::string> origins;
//     Database db;  // struct Database { std::string host = "127.0.0.1"; std::uint16_t port = 5432; };
//   };
//   auto settings = load_settings<Settings>({.env_file = ".env", .prefix = "APP_"});
//
// are APP_TITLE, APP_API_KEY, APP_ORIGINS (a,b or ["a","b"]), APP_DB__HOST and APP_DB__PORT. Maps, variants and lists
// of structs are JSON; a std::chrono duration has a unit (30s, 5m, 1h30m, 250ms); the rest is what decode_text reads.
// A variable that is empty counts as not set.
//
// What counts is, first, the environment; then the .env files, the last one first; then the directory of secrets; then
// the member's initialiser. In the place of a variable X there may be X_FILE, the name of a file that holds the value.
// A member must be set unless it is a std::optional, or has an initialiser, which C++ can tell only from one that is
// not 0, false, the first enumerator or empty: a member with such a one says so by the rule `defaulted`.
//
// Throws SettingsError with all that is missing or wrong. A variable that is none of the settings, but is called nearly
// as one that is not set, is told in the log. Once, at start.
template <Model T>
[[nodiscard]] T load_settings(SettingsOptions options = {}) {
  detail::SettingSources sources(std::move(options));
  const detail::SettingName all = sources.root();
  detail::declare_settings<T>(sources, all);
  T settings{};
  detail::read_settings(sources, all, settings);
  sources.finish();
  return settings;
}

}  // namespace bailey
