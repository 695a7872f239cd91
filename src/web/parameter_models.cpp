// A source of parameters as the object that a model is read from: then what holds for members of a body holds for them.
#include <bailey/web/parameter_models.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>
#include <bailey/http/cookies.hpp>
#include "http/form_text.hpp"

#include <algorithm>
#include <utility>

namespace bailey::web_detail {
namespace {

std::string_view source_name(ModelSource source) {
  constexpr std::array<std::string_view, 4> names{"query", "header", "cookie", "body"};
  return names[static_cast<std::size_t>(source)];
}

// Of one name: the values of a list, else the one that counts.
json::value values_of(const SentPairs& sent, std::string_view name, bool is_list, ModelSource source) {
  json::array all;
  const std::string* one = nullptr;
  for (const auto& [key, value] : sent) {
    if (key != name) continue;
    if (is_list) all.emplace_back(value);
    if (one == nullptr || source != ModelSource::header) one = &value;
  }
  if (is_list && !all.empty()) return all;
  if (!is_list && one != nullptr && !(source == ModelSource::form && one->empty())) return json::value(*one);
  return nullptr;
}

// What no member is read from: as one value, or as a list of several.
void add_extra(json::object& input, SentPairs& sent, std::span<const ModelMember> members) {
  for (auto& [key, value] : sent) {
    if (std::ranges::find(members, std::string_view(key), &ModelMember::sent_name) != members.end()) continue;
    json::value* const known = input.if_contains(key);
    if (known == nullptr) {
      input.emplace(key, std::move(value));
    } else if (json::array* const list = known->if_array()) {
      list->emplace_back(std::move(value));
    } else {
      json::array both;
      both.push_back(std::move(*known));
      both.emplace_back(std::move(value));
      *known = std::move(both);
    }
  }
}

}  // namespace

SentPairs query_pairs(const Request& request) {
  SentPairs pairs;
  http::detail::for_each_pair(request.query(), [&](std::string_view key, std::string_view value) {
    auto& [name, text] = pairs.emplace_back();
    http::detail::decode_form_text(key, name);
    http::detail::decode_form_text(value, text);
  });
  return pairs;
}

SentPairs header_pairs(const Request& request) {
  SentPairs pairs;
  request.http().for_each_header([&](std::string_view key, std::string_view value) {
    auto& [name, text] = pairs.emplace_back(key, value);
    for (char& c : name) c = ascii::lower(c);
  });
  return pairs;
}

SentPairs cookie_pairs(const Request& request) {
  SentPairs pairs;
  http::for_each_cookie(request.http(), [&](std::string_view name, std::string_view value) {
    pairs.emplace_back(name, http::unquote_cookie(value));
  });
  return pairs;
}

SentPairs form_pairs(Request& request) {
  SentPairs pairs;
  if (request.form() == nullptr) return pairs;
  for (const http::FormField& field : request.form()->fields) pairs.emplace_back(field.name, field.value);
  return pairs;
}

std::optional<json::object> model_input(SentPairs sent, std::span<const ModelMember> members, ModelSource source,
                                        bool with_extra, ValidationErrors& errors) {
  bool is_text = true;
  for (const auto& [key, value] : sent) {
    const bool is_member = std::ranges::find(members, std::string_view(key), &ModelMember::sent_name) != members.end();
    if (is_member && !detail::is_utf8(value)) {
      errors.append(
          {{{"string_unicode", location(source_name(source), key), "Input should be valid UTF-8", nullptr, {}}}});
      is_text = false;
    }
  }
  if (!is_text) return std::nullopt;
  std::erase_if(sent, [](const auto& pair) { return !detail::is_utf8(pair.first) || !detail::is_utf8(pair.second); });
  json::object input;
  for (const ModelMember& member : members) {
    json::value value = values_of(sent, member.sent_name, member.is_list, source);
    if (!value.is_null()) input.emplace(member.name, std::move(value));
  }
  const bool is_shown = source == ModelSource::query || source == ModelSource::form;
  if (with_extra || is_shown) add_extra(input, sent, members);
  return input;
}

void name_as_sent(ValidationErrors& errors, std::span<const ModelMember> members, ModelSource source) {
  if (source != ModelSource::header && source != ModelSource::cookie) return;
  for (ValidationError& error : errors.entries) {
    const bool is_of_member = error.loc.size() > 1 && error.type != "missing" && error.type != "extra_forbidden";
    if (!is_of_member) error.input = nullptr;
    if (error.loc.size() < 2) continue;
    auto* const name = std::get_if<std::string>(&error.loc[1]);
    if (name == nullptr) continue;
    const auto member = std::ranges::find(members, std::string_view(*name), &ModelMember::name);
    if (member != members.end()) *name = member->sent_name;
  }
}

}  // namespace bailey::web_detail
