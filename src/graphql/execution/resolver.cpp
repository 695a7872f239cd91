// What the templates of detail/resolver.hpp and its neighbours need that is the same for all types.
#include <bailey/graphql/detail/resolver.hpp>
#include <bailey/graphql/detail/type_use.hpp>
#include <bailey/graphql/info.hpp>
#include <bailey/graphql/permission.hpp>

#include <graphql/execution/execution.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace bailey::graphql {

namespace detail {

bailey::Location argument_location(std::string_view name) { return {std::string(name)}; }

void read_failed(ValidationErrors& into, ValidationErrors errors) { into.append(std::move(errors)); }

void refuse_arguments(ValidationErrors errors) {
  std::string message = "Argument ";
  const bailey::ValidationError& first = errors.entries.front();
  bool is_first = true;
  for (const auto& segment : first.loc) {
    if (!is_first) message.push_back('.');
    is_first = false;
    std::visit(
        [&](const auto& part) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(part)>, std::string>) {
            message.append(part);
          } else {
            message.append(std::to_string(part));
          }
        },
        segment);
  }
  message.append(": ").append(first.msg);
  throw GraphQLError(std::move(message), {.code = "BAD_USER_INPUT", .extensions = {{"detail", errors.to_json()}}});
}

void refuse_permission_of_another_type() {
  throw Error(
      "invalid_schema",
      "A permission that looks at an object stands on a field of another type: allow<Card> is for the fields of Card");
}

void describe_known_scalar(TypeParts& parts) {
  struct Known {
    std::string_view name, description, url;
  };
  static constexpr Known known[] = {
      {"Int64", "A whole number of 64 bits.", ""},
      {"UUID", "A universally unique identifier.", "https://datatracker.ietf.org/doc/html/rfc9562"},
      {"Date", "A day: 2026-11-23.", "https://datatracker.ietf.org/doc/html/rfc3339"},
      {"DateTime", "A moment: 2026-11-23T14:05:09Z.", "https://datatracker.ietf.org/doc/html/rfc3339"},
      {"Time", "A time of day: 14:05:09.", "https://datatracker.ietf.org/doc/html/rfc3339"},
      {"Duration", "A length of time: PT1H30M.", "https://en.wikipedia.org/wiki/ISO_8601#Durations"},
      {"Decimal", "A decimal number, exact: a string, or a number that is read.", ""},
      {"Base64", "Bytes.", "https://datatracker.ietf.org/doc/html/rfc4648#section-4"},
      {"JSON", "Any JSON.", "https://datatracker.ietf.org/doc/html/rfc8259"},
      {"Void", "Nothing: null.", ""},
  };
  const auto at = std::ranges::find(known, parts.info->name(), &Known::name);
  if (at == std::end(known)) return;
  parts.description = at->description;
  parts.specified_by_url = at->url;
}

}  // namespace detail

std::string_view Info::field_name() const noexcept { return field_.definition->name; }

json::array Info::path() const {
  json::array segments;
  for (const detail::Path* at = &path_; at->up != nullptr; at = at->up) {
    if (at->key.empty()) {
      segments.emplace_back(at->index);
    } else {
      segments.emplace_back(at->key);
    }
  }
  std::ranges::reverse(segments);
  return segments;
}

std::string_view Info::operation_name() const noexcept { return run_.execution().input().operation.name.text; }
const json::object& Info::variables() const noexcept { return run_.execution().input().given_variables; }

void Info::add_header(std::string_view name, std::string_view value) const {
  run_.execution().response_headers().add(name, value);
}
void Info::set_cookie(const http::SetCookie& cookie) const {
  http::set_cookie(run_.execution().response_headers(), cookie);
}

std::vector<std::string_view> Info::selected_members(detail::TypeKey type,
                                                     std::span<const std::string_view> all) const {
  const CompiledSchema& schema = run_.execution().input().schema;
  const detail::ObjectPlan* const plan = field_.selection.find(type);
  std::vector<std::string_view> needed;
  if (plan == nullptr) return needed;
  for (const detail::PlannedField& field : plan->fields) {
    if (field.code == nullptr) continue;
    if (const std::string_view member = field.code->member(); !member.empty()) {
      needed.push_back(member);
    } else if (const auto& uses = schema.uses[field.definition->resolver]) {
      needed.insert(needed.end(), uses->begin(), uses->end());
    } else {
      return {all.begin(), all.end()};
    }
  }
  std::vector<std::string_view> members;
  for (const std::string_view member : all)
    if (std::ranges::find(needed, member) != needed.end()) members.push_back(member);
  return members;
}

}  // namespace bailey::graphql
