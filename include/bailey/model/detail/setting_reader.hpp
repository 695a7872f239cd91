#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/enums.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/settings_options.hpp>
#include <bailey/model/shape.hpp>

// The parts of load_settings: where variables are found, and how one becomes a value.
namespace bailey::detail {

// A member's variable: "APP_DB__HOST", and the name of its file in a directory of secrets, "db__host".
struct SettingName {
  std::string variable;
  std::string file;
  bool is_root = true;

  [[nodiscard]] SettingName member(std::string_view wire_name) const;
};

// The variables there are, and what is wrong with them.
class SettingSources {
 public:
  // Reads the .env files.
  explicit SettingSources(SettingsOptions options);

  [[nodiscard]] SettingName root() const { return {options_.prefix, {}, true}; }

  // All variables, before the first is looked for.
  void declare(const SettingName& name);

  // The text of a variable, by the order of sources; nullopt when it is not set, or a file of it cannot be read, which
  // is noted.
  [[nodiscard]] std::optional<std::string> find(const SettingName& name);
  // Whether a variable of a group is set anywhere.
  [[nodiscard]] bool has_any_of(const SettingName& group) const;

  void fail_missing(const SettingName& name, std::string_view expected, bool may_be_zero);
  // `shown`: the value, where it may be repeated.
  void fail_value(const SettingName& name, std::string_view why, std::string_view expected, std::string_view shown);
  void fail_group(const SettingName& group, std::string_view sentence);
  [[nodiscard]] bool has_failed(const SettingName& name) const;
  [[nodiscard]] std::size_t problem_count() const noexcept { return problems_.size(); }

  // Looks for typing errors, then throws what has been noted.
  void finish();

 private:
  using Variables = std::map<std::string, std::string, std::less<>>;

  void read_env_file(const std::string& name);
  [[nodiscard]] std::optional<std::string> find_in(const Variables& source, const std::string& variable);
  [[nodiscard]] std::optional<std::string> find_secret(const SettingName& name);
  [[nodiscard]] bool is_set(const SettingName& name) const;
  void look_for_typing_errors(const Variables& source);

  SettingsOptions options_;
  Variables environment_;
  Variables env_files_;
  std::map<std::string, SettingName, std::less<>> declared_;
  std::set<std::string, std::less<>> missing_;
  bool lacks_what_may_be_zero_ = false;
  std::vector<SettingProblem> problems_;
};

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

// "1h30m" in nanoseconds, or what is wrong with it.
[[nodiscard]] std::expected<std::int64_t, std::string> parse_duration(std::string_view text);

[[nodiscard]] std::string sentence_of(const ValidationErrors& errors);
// "a,b" or a JSON array.
[[nodiscard]] std::expected<json::value, std::string> parse_setting_list(std::string_view text);
// JSON, or where that is allowed the text itself.
[[nodiscard]] std::expected<json::value, std::string> parse_setting_json(std::string_view text, bool allows_text);
[[nodiscard]] std::string with_bounds(std::string words, const Constraints& rules);
[[nodiscard]] std::string joined(std::span<const std::string_view> names);

// A member's value out of its text, or what is wrong with it.
template <class M>
std::expected<M, std::string> read_setting(std::string_view text, const Constraints& rules) {
  constexpr Shape shape = shape_of<M>;
  const auto or_sentence = [](Decoded<M> decoded) -> std::expected<M, std::string> {
    if (decoded) return *std::move(decoded);
    return std::unexpected(sentence_of(decoded.error()));
  };
  if constexpr (is_duration<M>) {
    const auto nanoseconds = parse_duration(text);
    if (!nanoseconds) return std::unexpected(nanoseconds.error());
    const auto value = std::chrono::duration_cast<M>(std::chrono::nanoseconds(*nanoseconds));
    if (!std::is_floating_point_v<typename M::rep> && std::chrono::nanoseconds(value).count() != *nanoseconds)
      return std::unexpected("It is finer than what is kept of it");
    Reader reader({}, Conversion::lenient);
    if (!reader.check_number(Path{}, *nanoseconds / 1000, Input(), rules))
      return std::unexpected(sentence_of(reader.take_errors()));
    return value;
  } else if constexpr (is_nullable<M>) {
    auto element = read_setting<ElementOf<M>>(text, rules);
    if (!element) return std::unexpected(std::move(element).error());
    if constexpr (std::is_constructible_v<M, ElementOf<M>>) {
      return M(*std::move(element));
    } else {
      return std::make_unique<ElementOf<M>>(*std::move(element));
    }
  } else if constexpr (is_parameter<M>()) {
    return or_sentence(decode_text<M>(text, {}, rules));
  } else {
    constexpr bool is_list = shape == Shape::list || shape == Shape::array || shape == Shape::json_array;
    auto value = is_list ? parse_setting_list(text)
                         : parse_setting_json(
                               text, shape == Shape::variant || shape == Shape::json_value || shape == Shape::bytes);
    if (!value) return std::unexpected(std::move(value).error());
    return or_sentence(decode<M>(*value, {}, rules, Conversion::lenient));
  }
}

// What would be right: "a whole number from 1 to 65535".
template <class M>
std::string expected_setting(const Constraints& rules) {
  constexpr Shape shape = shape_of<M>;
  if constexpr (is_duration<M>) {
    return with_bounds("a duration, such as 30s, 5m or 250ms", rules);
  } else if constexpr (is_nullable<M>) {
    return expected_setting<ElementOf<M>>(rules);
  } else if constexpr (shape == Shape::boolean) {
    return "true or false";
  } else if constexpr (shape == Shape::integer) {
    return with_bounds("a whole number", rules);
  } else if constexpr (shape == Shape::real) {
    return with_bounds("a number", rules);
  } else if constexpr (shape == Shape::enumeration) {
    return "one of " + joined(enum_names<M>);
  } else if constexpr (shape == Shape::uuid) {
    return "a UUID";
  } else if constexpr (shape == Shape::date) {
    return with_bounds("a date, such as 2026-11-23", rules);
  } else if constexpr (shape == Shape::time) {
    return with_bounds("a time, such as 2026-11-23T14:05:09Z", rules);
  } else if constexpr (shape == Shape::list || shape == Shape::array || shape == Shape::json_array) {
    return "a list, such as a,b or [\"a\",\"b\"]";
  } else if constexpr (is_parameter<M>()) {
    if (rules.text_format == TextFormat::email) return "an e-mail address";
    if (rules.text_format == TextFormat::url) return "a URL, http or https";
    return with_bounds("a text", rules);
  } else {
    return "JSON";
  }
}

// Whether a wrong value may be repeated: not what is a secret, and no text, which may be one in the wrong place.
template <class M>
consteval bool is_shown_at_all() {
  if constexpr (is_duration<M>) {
    return true;
  } else if constexpr (is_nullable<M>) {
    return is_shown_at_all<ElementOf<M>>();
  } else {
    constexpr Shape shape = shape_of<M>;
    return shape == Shape::boolean || shape == Shape::integer || shape == Shape::real || shape == Shape::enumeration ||
           shape == Shape::date || shape == Shape::time;
  }
}
template <class M>
bool is_shown(const Constraints& rules) {
  return is_shown_at_all<M>() && !rules.is_secret;
}

}  // namespace bailey::detail
