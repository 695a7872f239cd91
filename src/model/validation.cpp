#include <bailey/model/validation.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace bailey {
namespace {

json::array location_json(const Location& location) {
  json::array parts;
  parts.reserve(location.size());
  for (const auto& part : location) {
    std::visit([&](const auto& step) { parts.emplace_back(step); }, part);
  }
  return parts;
}

}  // namespace

json::value ValidationErrors::to_json() const {
  json::array list;
  list.reserve(entries.size());
  for (const ValidationError& entry : entries) {
    json::object item;
    item["type"] = entry.type;
    item["loc"] = location_json(entry.loc);
    item["msg"] = entry.msg;
    item["input"] = entry.input;
    if (!entry.ctx.empty()) item["ctx"] = entry.ctx;
    list.push_back(std::move(item));
  }
  return list;
}

void ValidationErrors::append_json(std::string& out) const { bailey::append_json(out, to_json()); }

void ValidationErrors::append(ValidationErrors&& others) {
  const std::size_t room = validation_error_limit - std::min(entries.size(), validation_error_limit);
  const std::size_t taken = std::min(room, others.entries.size());
  entries.insert(entries.end(), std::make_move_iterator(others.entries.begin()),
                 std::make_move_iterator(others.entries.begin() + static_cast<std::ptrdiff_t>(taken)));
  others.entries.clear();
}

ValidationError missing_error(Location loc) {
  return {.type = "missing", .loc = std::move(loc), .msg = "Field required", .input = nullptr, .ctx = {}};
}

}  // namespace bailey
