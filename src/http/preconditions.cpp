#include "http/preconditions.hpp"

#include <bailey/base/ascii.hpp>

#include "http/date.hpp"

#include <optional>

namespace bailey::http {

namespace {

using std::chrono::sys_seconds;

// Whether any of the fields of this name, which are one list, has the tag; nullopt when there is no such field.
std::optional<bool> any_field_lists(const Request& request, std::string_view field, std::string_view etag,
                                    EtagComparison comparison) {
  std::optional<bool> lists;
  request.for_each_header([&](std::string_view name, std::string_view value) {
    if (ascii::equal_ignoring_case(name, field)) lists = lists.value_or(false) || lists_etag(value, etag, comparison);
  });
  return lists;
}

std::optional<sys_seconds> date_in(const Request& request, std::string_view field) {
  const auto text = request.header(field);
  if (!text || request.header_count(field) != 1) return std::nullopt;
  return parse_date(*text, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace

bool lists_etag(std::string_view list, std::string_view etag, EtagComparison comparison) noexcept {
  list = ascii::trim(list);
  if (list == "*") return true;
  while (!list.empty()) {
    list = ascii::trim(list);
    if (list.starts_with(',')) {
      list.remove_prefix(1);
      continue;
    }
    const bool is_weak = list.starts_with("W/");
    if (is_weak) list.remove_prefix(2);
    const std::size_t end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    if (list.substr(0, end + 1) == etag && !(is_weak && comparison == EtagComparison::strong)) return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

// In the order of RFC 9110 section 13.2.2: tags go before dates, and what must hold before what must not.
Precondition evaluate_preconditions(const Request& request, const Validators& validators) {
  if (const auto lists = any_field_lists(request, "if-match", validators.etag, EtagComparison::strong)) {
    if (!*lists) return Precondition::fails;
  } else if (const auto date = date_in(request, "if-unmodified-since")) {
    if (validators.last_modified > *date) return Precondition::fails;
  }
  if (const auto lists = any_field_lists(request, "if-none-match", validators.etag, EtagComparison::weak))
    return *lists ? Precondition::not_modified : Precondition::holds;
  const auto date = date_in(request, "if-modified-since");
  return date && validators.last_modified <= *date ? Precondition::not_modified : Precondition::holds;
}

bool if_range_holds(const Request& request, const Validators& validators) {
  const auto field = request.header("if-range");
  if (!field) return true;
  if (request.header_count("if-range") != 1) return false;
  if (field->ends_with('"')) return *field == validators.etag;
  return date_in(request, "if-range") == validators.last_modified;
}

}  // namespace bailey::http
