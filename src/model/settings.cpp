// Where settings are found, and how what is wrong with them is told. No value of a variable is repeated here unless the
// reader by types says that it may.
#include <bailey/model/detail/setting_reader.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/log.hpp>
#include <bailey/model/json.hpp>
#include "model/bound_text.hpp"
#include "model/dotenv.hpp"
#include "model/typing_error.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace bailey {
namespace {

constexpr std::string_view file_suffix = "_FILE";
constexpr std::uintmax_t file_limit_bytes = std::uintmax_t{1024} * 1024;

std::string message_of(const std::vector<SettingProblem>& problems) {
  std::string message = problems.size() == 1 ? std::string("A setting is missing or wrong:")
                                             : std::to_string(problems.size()) + " settings are missing or wrong:";
  for (const SettingProblem& problem : problems)
    message.append("\n  ").append(problem.variable).append(" ").append(problem.message);
  return message;
}

// The whole of a regular file: a pipe would be waited for.
std::expected<std::string, std::string> read_file(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) return std::unexpected("there is no such file");
  if (failure) return std::unexpected(failure.message());
  if (!std::filesystem::is_regular_file(status)) return std::unexpected("it is no file");
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (!failure && size > file_limit_bytes) return std::unexpected("it is too large");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad())
    return std::unexpected(errno == 0 ? std::string("it cannot be read") : std::generic_category().message(errno));
  return text;
}

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::map<std::string, std::string, std::less<>> process_environment() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

// Short, and harmless to print.
bool is_printable(std::string_view text) {
  return text.size() <= 40 && std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

SettingsError::SettingsError(std::vector<SettingProblem> problems, std::string_view remark)
    : Error("invalid_settings", message_of(problems) + std::string(remark)), problems_(std::move(problems)) {}

namespace detail {

SettingName SettingName::member(std::string_view wire_name) const {
  SettingName result{variable, file, false};
  if (!is_root) {
    result.variable += "__";
    result.file += "__";
  }
  for (const char c : wire_name) {
    const bool is_plain = ascii::is_letter(c) || ascii::is_digit(c);
    result.variable += is_plain ? static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) : '_';
    result.file += is_plain ? ascii::lower(c) : '_';
  }
  return result;
}

SettingSources::SettingSources(SettingsOptions options) : options_(std::move(options)) {
  if (options_.environment) {
    environment_.insert(options_.environment->begin(), options_.environment->end());
  } else {
    environment_ = process_environment();
  }
  for (const std::string& name : options_.env_file.names()) read_env_file(name);
}

void SettingSources::read_env_file(const std::string& name) {
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) return;
  const auto text = read_file(name);
  if (!text) {
    problems_.push_back({name, "cannot be read: " + text.error()});
    return;
  }
  const auto known = [&](std::string_view variable) -> std::optional<std::string> {
    for (const Variables* source : {&environment_, &env_files_})
      if (const auto found = source->find(variable); found != source->end() && !found->second.empty())
        return found->second;
    return std::nullopt;
  };
  auto parsed = parse_dotenv(*text, known);
  if (!parsed) {
    problems_.push_back({name + ':' + std::to_string(parsed.error().line) + ':' + std::to_string(parsed.error().column),
                         "is no line of variables: " + std::string(parsed.error().reason)});
    return;
  }
  for (auto& [variable, value] : *parsed) env_files_[std::move(variable)] = std::move(value);
}

void SettingSources::declare(const SettingName& name) {
  if (!declared_.emplace(name.variable, name).second)
    throw Error("invalid_settings", "Two members of the settings would be read of the variable " + name.variable);
}

// A variable, or the file that another one names.
std::optional<std::string> SettingSources::find_in(const Variables& source, const std::string& variable) {
  const auto value_of = [&](const std::string& name) -> const std::string* {
    const auto found = source.find(name);
    return found == source.end() || found->second.empty() ? nullptr : &found->second;
  };
  const std::string of_file = variable + std::string(file_suffix);
  const std::string* const value = value_of(variable);
  const std::string* const path = declared_.contains(of_file) ? nullptr : value_of(of_file);
  if (path == nullptr) return value == nullptr ? std::nullopt : std::optional(*value);
  if (value != nullptr) {
    problems_.push_back({variable, "is set, and " + of_file + " is, too: unset one"});
    return std::nullopt;
  }
  auto text = read_file(*path);
  if (!text) {
    problems_.push_back({variable, "cannot be read from the file that " + of_file + " names: " + text.error()});
    return std::nullopt;
  }
  return without_line_end(*std::move(text));
}

std::optional<std::string> SettingSources::find_secret(const SettingName& name) {
  if (options_.secrets_dir.empty()) return std::nullopt;
  for (const std::string& file : {name.variable, ascii::to_lower(name.variable), name.file}) {
    const std::string path = options_.secrets_dir + '/' + file;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    auto text = read_file(path);
    if (text) return without_line_end(*std::move(text));
    problems_.push_back({name.variable, "cannot be read from " + path + ": " + text.error()});
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> SettingSources::find(const SettingName& name) {
  const std::size_t before = problems_.size();
  for (const Variables* source : {&environment_, &env_files_}) {
    auto found = find_in(*source, name.variable);
    if (found || problems_.size() != before) return found;
  }
  auto secret = find_secret(name);
  if (secret && secret->empty()) return std::nullopt;
  return secret;
}

bool SettingSources::is_set(const SettingName& name) const {
  const auto is_in = [&](const Variables& source, const std::string& variable) {
    const auto found = source.find(variable);
    return found != source.end() && !found->second.empty();
  };
  const std::string of_file = name.variable + std::string(file_suffix);
  for (const Variables* source : {&environment_, &env_files_})
    if (is_in(*source, name.variable) || (!declared_.contains(of_file) && is_in(*source, of_file))) return true;
  std::error_code ignored;
  if (!options_.secrets_dir.empty())
    for (const std::string& file : {name.variable, ascii::to_lower(name.variable), name.file})
      if (std::filesystem::exists(options_.secrets_dir + '/' + file, ignored)) return true;
  return false;
}

bool SettingSources::has_any_of(const SettingName& group) const {
  const std::string prefix = group.variable + "__";
  for (auto each = declared_.lower_bound(prefix); each != declared_.end() && each->first.starts_with(prefix); ++each)
    if (is_set(each->second)) return true;
  return false;
}

bool SettingSources::has_failed(const SettingName& name) const {
  return std::ranges::any_of(problems_,
                             [&](const SettingProblem& problem) { return problem.variable == name.variable; });
}

void SettingSources::fail_missing(const SettingName& name, std::string_view expected, bool may_be_zero) {
  missing_.insert(name.variable);
  lacks_what_may_be_zero_ |= may_be_zero;
  problems_.push_back({name.variable, "is not set: it takes " + std::string(expected)});
}

void SettingSources::fail_value(const SettingName& name, std::string_view why, std::string_view expected,
                                std::string_view shown) {
  std::string message = "is wrong";
  if (!shown.empty() && is_printable(shown)) message.append(": \"").append(shown).append("\"");
  message.append(". ").append(why).append(". It takes ").append(expected);
  problems_.push_back({name.variable, std::move(message)});
}

void SettingSources::fail_group(const SettingName& group, std::string_view sentence) {
  const std::string name = group.is_root ? group.variable + "*" : group.variable + "__*";
  problems_.push_back({name, "is wrong. " + std::string(sentence)});
}

// A name without a prefix is anybody's in the environment, and ours in a file that is the program's own.
void SettingSources::look_for_typing_errors(const Variables& source) {
  for (const auto& [variable, value] : source) {
    const bool is_ours = !options_.prefix.empty()
                             ? ascii::to_lower(variable).starts_with(ascii::to_lower(options_.prefix))
                             : &source == &env_files_;
    std::string_view name = variable;
    if (name.ends_with(file_suffix) && !declared_.contains(name)) name.remove_suffix(file_suffix.size());
    if (!is_ours || value.empty() || declared_.contains(name)) continue;
    const SettingName* meant = nullptr;
    for (const auto& [other, declared] : declared_)
      if (is_typing_error(name, other) && !is_set(declared)) meant = &declared;
    if (meant == nullptr) continue;
    if (!missing_.contains(meant->variable)) {
      log::warning("a variable is no setting: is that a typing error?",
                   {{"variable", variable}, {"setting", meant->variable}});
      continue;
    }
    const auto problem = std::ranges::find(problems_, meant->variable, &SettingProblem::variable);
    problem->message.append(". ").append(variable).append(" is set: is that a typing error?");
  }
}

void SettingSources::finish() {
  look_for_typing_errors(environment_);
  look_for_typing_errors(env_files_);
  std::error_code ignored;
  const bool lacks_directory = !options_.secrets_dir.empty() && !missing_.empty() &&
                               !std::filesystem::is_directory(options_.secrets_dir, ignored);
  if (lacks_directory) problems_.push_back({options_.secrets_dir, "is no directory: no secret was found there"});
  if (problems_.empty()) return;
  throw SettingsError(std::move(problems_),
                      lacks_what_may_be_zero_
                          ? "\n  (A member whose default is 0, false or the first enumerator has the "
                            "rule `defaulted`.)"
                          : "");
}

std::expected<std::int64_t, std::string> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
  };
  static constexpr std::array<Unit, 8> units{{{"ns", 1},
                                              {"us", 1'000},
                                              {"ms", 1'000'000},
                                              {"s", 1'000'000'000},
                                              {"min", 60'000'000'000},
                                              {"m", 60'000'000'000},
                                              {"h", 3'600'000'000'000},
                                              {"d", 86'400'000'000'000}}};
  if (text.empty()) return std::unexpected("It is empty");
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t number = 0;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) return std::unexpected("It begins with no number, or one below 0");
    for (const char c : text.substr(0, digits))
      if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, c - '0', &number))
        return std::unexpected("It is too long");
    text.remove_prefix(digits);
    const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    const auto unit = std::ranges::find(units, text.substr(0, letters), &Unit::name);
    if (unit == units.end()) return std::unexpected("It has no unit: ns, us, ms, s, m, h or d");
    text.remove_prefix(letters);
    if (__builtin_mul_overflow(number, unit->nanoseconds, &number) || __builtin_add_overflow(total, number, &total))
      return std::unexpected("It is too long");
  }
  return total;
}

std::string sentence_of(const ValidationErrors& errors) {
  std::string text;
  for (const ValidationError& entry : errors.entries) {
    if (!text.empty()) text += "; ";
    std::string place;
    for (const auto& step : entry.loc) {
      if (const auto* const name = std::get_if<std::string>(&step)) {
        place.append(place.empty() ? "" : ".").append(*name);
      } else {
        place.append("[").append(std::to_string(std::get<std::int64_t>(step))).append("]");
      }
    }
    if (!place.empty()) text.append(place).append(": ");
    text += entry.msg;
  }
  return text;
}

std::expected<json::value, std::string> parse_setting_list(std::string_view text) {
  text = ascii::trim(text);
  if (text.starts_with('[')) return parse_setting_json(text, false);
  json::array items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const std::string_view item = ascii::trim(text.substr(0, comma)); !item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return json::value(std::move(items));
}

std::expected<json::value, std::string> parse_setting_json(std::string_view text, bool allows_text) {
  auto parsed = try_parse_json(text);
  if (parsed) return *std::move(parsed);
  if (allows_text) return json::value(text);
  return std::unexpected("It is no JSON, from byte " + std::to_string(parsed.error().offset) +
                         " on: " + parsed.error().reason);
}

std::string with_bounds(std::string words, const Constraints& rules) {
  if (rules.at_least.set() && rules.at_most.set())
    return words + " from " + bound_text(rules.at_least) + " to " + bound_text(rules.at_most);
  const auto add = [&](std::string_view how, const Bound& bound) {
    if (bound.set()) words.append(how).append(bound_text(bound));
  };
  add(", at least ", rules.at_least);
  add(", at most ", rules.at_most);
  add(", more than ", rules.greater_than);
  add(", less than ", rules.less_than);
  add(", a multiple of ", rules.multiple_of);
  const bool has_most = rules.max_length != Constraints::unbounded;
  if (rules.min_length > 0 && has_most) {
    words += " of " + std::to_string(rules.min_length) + " to " + std::to_string(rules.max_length) + " characters";
  } else if (rules.min_length > 0) {
    words +=
        " of at least " + std::to_string(rules.min_length) + (rules.min_length == 1 ? " character" : " characters");
  } else if (has_most) {
    words += " of at most " + std::to_string(rules.max_length) + (rules.max_length == 1 ? " character" : " characters");
  }
  if (!rules.pattern.empty()) words.append(" that matches ").append(rules.pattern);
  return words;
}

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

}  // namespace detail
}  // namespace bailey
