#include "web/served_document.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/model/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace bailey::web_detail {

namespace {
constexpr std::size_t longest_root_path = 256;
}

std::string document_below(std::string_view prefix, std::string_view text) {
  json::value value = parse_json(text).value();
  json::object& document = value.as_object();
  json::array servers{json::object{{"url", prefix}}};
  if (json::value* const others = document.if_contains("servers")) {
    for (json::value& other : others->as_array())
      if (other != servers.front()) servers.push_back(std::move(other));
  }
  document["servers"] = std::move(servers);
  return json::serialize(value);
}

bool is_root_path(std::string_view text) noexcept {
  if (text.size() < 2 || text.size() > longest_root_path || !text.starts_with('/') || text.ends_with('/')) return false;
  if (text.contains("//") || text.contains("/.")) return false;
  return std::ranges::all_of(
      text, [](char c) { return ascii::is_letter(c) || ascii::is_digit(c) || std::string_view("/-._~").contains(c); });
}

}  // namespace bailey::web_detail
