// Prefer, Accept and Range. Preference tokens match exactly, the first of a kind wins. Accept is sorted by q, then by
// how specific a type is.
#include "query/request_headers.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <vector>

namespace bailey::query {
namespace detail {
namespace {

template <class T>
struct Token {
  T value;
  std::string_view text;
};

constexpr std::array<Token<Preferences::Return>, 3> return_tokens{
    {{Preferences::Return::minimal, "return=minimal"},
     {Preferences::Return::headers_only, "return=headers-only"},
     {Preferences::Return::representation, "return=representation"}}};
constexpr std::array<Token<Preferences::Count>, 3> count_tokens{{{Preferences::Count::exact, "count=exact"},
                                                                 {Preferences::Count::planned, "count=planned"},
                                                                 {Preferences::Count::estimated, "count=estimated"}}};
constexpr std::array<Token<Preferences::Resolution>, 2> resolution_tokens{
    {{Preferences::Resolution::merge_duplicates, "resolution=merge-duplicates"},
     {Preferences::Resolution::ignore_duplicates, "resolution=ignore-duplicates"}}};
constexpr std::array<Token<Preferences::Missing>, 2> missing_tokens{
    {{Preferences::Missing::null, "missing=null"}, {Preferences::Missing::default_, "missing=default"}}};
constexpr std::array<Token<Preferences::Handling>, 2> handling_tokens{
    {{Preferences::Handling::strict, "handling=strict"}, {Preferences::Handling::lenient, "handling=lenient"}}};
constexpr std::array<Token<Preferences::Transaction>, 2> transaction_tokens{
    {{Preferences::Transaction::commit, "tx=commit"}, {Preferences::Transaction::rollback, "tx=rollback"}}};

template <class T, std::size_t N>
std::string_view text_of(const std::array<Token<T>, N>& tokens, T value) {
  return std::ranges::find(tokens, value, &Token<T>::value)->text;
}

template <class T, std::size_t N>
bool match(std::string_view text, const std::array<Token<T>, N>& tokens, std::optional<T>& target) {
  const auto found = std::ranges::find(tokens, text, &Token<T>::text);
  if (found == tokens.end()) return false;
  if (!target) target = found->value;
  return true;
}

bool match_max_affected(std::string_view text, std::optional<std::int64_t>& target) {
  constexpr std::string_view key = "max-affected=";
  if (!text.starts_with(key)) return false;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data() + key.size(), end, number);
  if (problem != std::errc{} || rest != end) return false;
  if (!target) target = number;
  return true;
}

bool match_timezone(std::string_view text, std::optional<std::string>& target) {
  constexpr std::string_view key = "timezone=";
  if (!text.starts_with(key) || text.size() == key.size()) return false;
  if (!target) target = text.substr(key.size());
  return true;
}

template <class Visitor>
void for_each_piece(std::string_view text, Visitor&& visit) {
  for (;;) {
    const std::size_t end = std::min(text.find(','), text.size());
    visit(ascii::trim(text.substr(0, end)));
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

struct Accepted {
  std::string text;  // without blanks, in lower case, q removed
  double quality = 1;
  int specificity = 0;
  std::size_t position = 0;
};

Accepted read_accepted(std::string_view piece) {
  Accepted accepted;
  std::string compact = ascii::to_lower(piece);
  std::erase_if(compact, [](char c) { return c == ' ' || c == '\t'; });
  std::string_view rest = compact;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.starts_with("q=")) {
      std::from_chars(part.data() + 2, part.data() + part.size(), accepted.quality);
      if (!(accepted.quality >= 0 && accepted.quality <= 1)) accepted.quality = 1;  // "nan" has no place in an order
    } else {
      if (!accepted.text.empty()) accepted.text += ';';
      accepted.text += part;
    }
  }
  accepted.specificity =
      static_cast<int>(std::ranges::count(accepted.text, ';') - std::ranges::count(accepted.text, '*'));
  return accepted;
}

std::optional<Media> media_of(std::string_view text) {
  const std::string_view type = text.substr(0, text.find(';'));
  const bool stripped = text.find(";nulls=stripped") != std::string_view::npos;
  if (type == "*/*" || type == "application/json") return Media{};
  if (type == "text/csv") return Media{.form = Media::Form::csv};
  if (type == "application/vnd.pgrst.object" || type == "application/vnd.pgrst.object+json")
    return Media{.form = Media::Form::object, .nulls_stripped = stripped};
  if (type == "application/vnd.pgrst.array" || type == "application/vnd.pgrst.array+json")
    return Media{.form = Media::Form::array, .nulls_stripped = stripped};
  return std::nullopt;
}

}  // namespace

std::string_view token_of(Preferences::Return value) { return text_of(return_tokens, value); }
std::string_view token_of(Preferences::Count value) { return text_of(count_tokens, value); }
std::string_view token_of(Preferences::Resolution value) { return text_of(resolution_tokens, value); }
std::string_view token_of(Preferences::Missing value) { return text_of(missing_tokens, value); }
std::string_view token_of(Preferences::Handling value) { return text_of(handling_tokens, value); }
std::string_view token_of(Preferences::Transaction value) { return text_of(transaction_tokens, value); }

std::expected<Preferences, RestError> read_preferences(const RequestParts& request) {
  Preferences preferences;
  std::string unknown;
  for (const auto& [name, value] : request.headers) {
    if (!ascii::equal_ignoring_case(name, "prefer")) continue;
    for_each_piece(value, [&](std::string_view token) {
      if (match(token, return_tokens, preferences.return_) || match(token, count_tokens, preferences.count) ||
          match(token, resolution_tokens, preferences.resolution) ||
          match(token, missing_tokens, preferences.missing) || match(token, handling_tokens, preferences.handling) ||
          match(token, transaction_tokens, preferences.transaction) ||
          match_max_affected(token, preferences.max_affected) || match_timezone(token, preferences.timezone)) {
        return;
      }
      if (!unknown.empty()) unknown += ", ";
      unknown += token;
    });
  }
  if (!unknown.empty() && preferences.handling == Preferences::Handling::strict) {
    return std::unexpected(RestError(400, "PGRST122", "Invalid preferences given with handling=strict",
                                     "Invalid preferences: " + unknown));
  }
  return preferences;
}

std::expected<Media, RestError> negotiate(std::optional<std::string_view> accept) {
  if (!accept || *accept == "*/*" || *accept == "application/json") return Media{};
  std::vector<Accepted> all;
  for_each_piece(*accept, [&](std::string_view piece) { all.push_back(read_accepted(piece)); });
  for (std::size_t i = 0; i < all.size(); ++i) all[i].position = i;
  std::ranges::sort(all, {}, [](const Accepted& accepted) {
    return std::tuple(-accepted.quality, -accepted.specificity, accepted.position);
  });
  std::string refused;
  for (const Accepted& accepted : all) {
    if (const auto media = media_of(accepted.text)) return *media;
    if (!refused.empty()) refused += ", ";
    refused += accepted.text;
  }
  return std::unexpected(RestError(406, "PGRST107", "None of these media types are available: " + refused));
}

std::optional<RowRange> read_range(std::string_view value) {
  RowRange range;
  const char* end = value.data() + value.size();
  const auto number = [&](const char* from, std::int64_t& target) -> const char* {
    if (from == end || *from < '0' || *from > '9') return nullptr;
    const auto [rest, problem] = std::from_chars(from, end, target);
    return problem == std::errc{} ? rest : nullptr;
  };
  const char* dash = number(value.data(), range.first);
  if (dash == nullptr || dash == end || *dash != '-') return std::nullopt;
  if (dash + 1 == end) return range;
  std::int64_t last = 0;
  if (number(dash + 1, last) != end) return std::nullopt;
  range.last = last;
  return range;
}

}  // namespace detail

std::optional<std::string_view> RequestParts::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (ascii::equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

}  // namespace bailey::query
