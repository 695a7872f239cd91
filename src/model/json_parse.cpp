// Strict parsing on Boost.JSON's event parser. It does the grammar and UTF-8; what it leaves open is closed here: names
// that occur twice, numbers beyond double, depth, size. Names are not compared one by one: the tree keeps one member a
// name, so a tree with fewer members than the text had is one with duplicates.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include <bailey/model/detail/reader.hpp>
#include <bailey/model/json.hpp>

namespace bailey {
namespace {

using boost::json::error_code;
using boost::json::string_view;

class TreeHandler {
 public:
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  // A name costs a look at those of the same hash, and who knows the hash can make them all the same.
  static constexpr std::size_t max_object_size = 10'000;
  static constexpr std::size_t max_string_size = boost::json::string::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();

  explicit TreeHandler(json::storage_ptr storage) { stack_.reset(std::move(storage)); }

  [[nodiscard]] json::value release() { return stack_.release(); }
  [[nodiscard]] std::size_t members() const noexcept { return members_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) {
    stack_.push_array(count);
    return true;
  }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t count, error_code&) {
    members_ += count;
    stack_.push_object(count);
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(string_view last, std::size_t, error_code&) {
    stack_.push_string(last);
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_key(string_view last, std::size_t, error_code&) {
    stack_.push_key(last);
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) {
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    stack_.push_uint64(number);
    return true;
  }
  // Boost 1.81 is often off by one in the last place, so the digits are read again. They are all in `text`, because the
  // parser gets the document whole.
  bool on_double(double rough, string_view text, error_code& error) {
    double number = rough;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec == std::errc::result_out_of_range && std::abs(rough) < 1) number = std::copysign(0.0, rough);
    if (!std::isfinite(number)) {
      error = boost::json::error::exponent_overflow;
      return false;
    }
    stack_.push_double(number);
    return true;
  }
  bool on_bool(bool truth, error_code&) {
    stack_.push_bool(truth);
    return true;
  }
  bool on_null(error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  boost::json::value_stack stack_;
  std::size_t members_ = 0;
};

std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const json::array* items = value.if_array()) {
    for (const json::value& item : *items) count += count_members(item);
  } else if (const json::object* object = value.if_object()) {
    count = object->size();
    for (const auto& [key, member] : *object) count += count_members(member);
  }
  return count;
}

// Ours rather than Boost's texts: they go to whoever sent the document.
std::string reason_for(error_code code, JsonLimits limits) {
  using boost::json::error;
  const auto is = [&](boost::json::error kind) { return code == make_error_code(kind); };
  if (is(error::incomplete)) return "Unexpected end of the text";
  if (is(error::extra_data)) return "Unexpected text behind the value";
  if (is(error::too_deep)) return "Nested deeper than " + std::to_string(limits.depth) + " levels";
  if (is(error::object_too_large)) return "Object has too many members";
  if (is(error::exponent_overflow)) return "Number out of range";
  if (is(error::expected_utf16_escape) || is(error::illegal_leading_surrogate) ||
      is(error::illegal_trailing_surrogate) || is(error::expected_hex_digit)) {
    return "Invalid \\u escape";
  }
  return "Unexpected character";
}

}  // namespace

std::expected<json::value, JsonSyntaxError> try_parse_json(std::string_view text, JsonLimits limits,
                                                           json::storage_ptr storage) {
  if (text.size() > limits.size_bytes) {
    return std::unexpected(
        JsonSyntaxError{limits.size_bytes, "Larger than " + std::to_string(limits.size_bytes) + " bytes"});
  }
  limits.depth = std::min<std::size_t>(limits.depth, 256);
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::basic_parser<TreeHandler> parser(options, std::move(storage));
  error_code error;
  std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = boost::json::error::extra_data;
  if (error) return std::unexpected(JsonSyntaxError{std::min(read, text.size()), reason_for(error, limits)});
  json::value value = parser.handler().release();
  if (count_members(value) != parser.handler().members()) {
    return std::unexpected(JsonSyntaxError{0, "A name occurs twice in an object"});
  }
  return value;
}

Expected<json::value> parse_json(std::string_view text, JsonLimits limits) {
  auto value = try_parse_json(text, limits);
  if (value) return *std::move(value);
  return std::unexpected(Error("json_invalid",
                               "The text is not valid JSON: " + value.error().reason + " (at byte " +
                                   std::to_string(value.error().offset) + ").",
                               400));
}

namespace detail {

Document::Document() : storage_(json::make_shared_resource<json::monotonic_resource>(buffer_, sizeof buffer_)) {}
Document::~Document() = default;

std::optional<ValidationErrors> Document::parse(std::string_view text, const Location& prefix, JsonLimits limits) {
  if (text.empty()) {
    ValidationErrors errors;
    errors.entries.push_back(missing_error(prefix));
    return errors;
  }
  auto value = try_parse_json(text, limits, storage_);
  if (value) {
    root_.emplace(*std::move(value), storage_);
    return std::nullopt;
  }
  ValidationErrors errors;
  Location location = prefix;
  location.emplace_back(static_cast<std::int64_t>(value.error().offset));
  errors.entries.push_back({.type = "json_invalid",
                            .loc = std::move(location),
                            .msg = "JSON decode error",
                            .input = json::object(),
                            .ctx = {{"error", value.error().reason}}});
  return errors;
}

}  // namespace detail
}  // namespace bailey
