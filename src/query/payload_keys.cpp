// Which columns a JSON payload sets: one pass over its text, without building a document. PostgreSQL parses the payload
// again and is its judge; this pass only collects the keys of the object, or of each object of the array.
#include "query/payload.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <unordered_map>

namespace bailey::query::detail {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_limit = 1000;  // the parser calls itself; PostgreSQL would take several times as much
constexpr std::size_t key_limit = 1600;    // a table of PostgreSQL's has no more columns

class KeyCollector {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = 1024;
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    if (depth_ == 0) shape = PayloadShape::object;
    if (depth_ == 0) is_container = true;
    row_ = depth_ == (shape == PayloadShape::object ? 0U : 1U) ? depth_ + 1 : row_;
    if (row_ == depth_ + 1) current_.clear();
    ++depth_;
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    if (depth_ == row_) end_row();
    --depth_;
    return true;
  }
  bool on_array_begin(json::error_code&) {
    if (depth_ == 0) {
      shape = PayloadShape::array;
      is_container = true;
    } else {
      element();
    }
    ++depth_;
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    --depth_;
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    if (depth_ == row_) key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& problem) {
    if (depth_ != row_) return true;
    key_.append(part.data(), part.size());
    // A bulk payload repeats its keys in one order: then nothing is copied but the first row's.
    if (rows > 0 && current_.size() < in_order_.size() && in_order_[current_.size()] == key_) {
      current_.push_back(current_.size());
    } else {
      note_key();
    }
    key_.clear();
    too_many_keys = in_order_.size() > key_limit;
    if (too_many_keys) problem = json::error::array_too_large;
    return !too_many_keys;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return element(); }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return element(); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return element(); }
  bool on_double(double, json::string_view, json::error_code&) { return element(); }
  bool on_bool(bool, json::error_code&) { return element(); }
  bool on_null(json::error_code&) { return element(); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  [[nodiscard]] std::vector<std::string> sorted_keys() const {
    std::vector<std::string> keys = in_order_;
    std::ranges::sort(keys);
    return keys;
  }

  PayloadShape shape = PayloadShape::object;
  bool is_container = false;
  bool uniform = true;
  bool too_many_keys = false;
  std::size_t rows = 0;

 private:
  void note_key() {
    const auto found = positions_.find(key_);
    if (found != positions_.end()) {
      current_.push_back(found->second);
    } else if (rows == 0) {
      current_.push_back(in_order_.size());
      positions_.emplace(key_, in_order_.size());
      in_order_.push_back(key_);
    } else {
      uniform = false;
    }
  }
  void end_row() {
    std::ranges::sort(current_);
    const auto repeated = std::ranges::unique(current_);
    current_.erase(repeated.begin(), repeated.end());
    if (current_.size() != in_order_.size()) uniform = false;
    ++rows;
    row_ = 0;
  }
  bool element() {
    if (depth_ == 1 && shape == PayloadShape::array) uniform = false;  // a row that is no object
    return true;
  }

  std::size_t depth_ = 0;
  std::size_t row_ = 0;  // the depth inside the row's object; 0: in none
  std::string key_;
  std::vector<std::string> in_order_;  // the first row's keys
  std::unordered_map<std::string, std::size_t> positions_;
  std::vector<std::size_t> current_;  // this row's, as positions among them
};

RestError bad_json() { return RestError(400, "PGRST102", "Empty or invalid json"); }

}  // namespace

std::expected<PayloadKeys, RestError> payload_keys(std::string_view text) {
  json::parse_options options;
  options.max_depth = depth_limit;
  json::basic_parser<KeyCollector> parser(options);
  json::error_code problem;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), problem);
  const KeyCollector& found = parser.handler();
  if (found.too_many_keys) {
    return std::unexpected(
        RestError(400, "PGRST102", "An object has more than 1600 keys, and no table so many columns"));
  }
  if (problem == json::error::too_deep) {
    return std::unexpected(
        RestError(400, "PGRST102", "The JSON is nested more than " + std::to_string(depth_limit) + " levels deep"));
  }
  if (problem || used != text.size()) return std::unexpected(bad_json());
  if (!found.is_container) return PayloadKeys{.shape = PayloadShape::array, .empty = true, .keys = {}};
  if (!found.uniform) return std::unexpected(RestError(400, "PGRST102", "All object keys must match"));
  return PayloadKeys{.shape = found.shape, .empty = found.rows == 0, .keys = found.sorted_keys()};
}

std::optional<PayloadShape> payload_shape(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text.find('\0') != std::string_view::npos) return std::nullopt;
  if (text[first] == '{') return PayloadShape::object;
  if (text[first] == '[') return PayloadShape::array;
  return std::nullopt;
}

}  // namespace bailey::query::detail
