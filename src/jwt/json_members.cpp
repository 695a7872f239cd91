// Two parsers that read a repeated member differently are a way to smuggle claims, so a member named twice makes a
// token malformed at every depth. Boost.JSON's DOM keeps the last silently; hence this handler on its event parser. The
// names of an object are compared once it has ended, sorted: as many as fit in a token cost n log n.
#include "jwt/json_members.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory_resource>
#include <string>
#include <vector>

namespace bailey::jwt::detail {
namespace {

namespace json = boost::json;
using json::error_code;
using Kind = MemberView::Kind;

constexpr std::size_t depth_limit = 32;

class Handler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit Handler(MemberSink& sink) : sink_(sink) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& error) {
    if (!levels_.empty() && !value({.kind = Kind::object}, error)) return false;
    levels_.push_back({.first_name = names_.size(), .is_object = true});
    return true;
  }
  bool on_object_end(std::size_t, error_code& error) {
    const std::size_t first = levels_.back().first_name;
    if (first < names_.size()) {
      const std::size_t text_before = names_[first].offset;
      if (names_a_member_twice(first)) return refuse(error);
      text_.resize(text_before);
    }
    names_.resize(first);
    levels_.pop_back();
    return true;
  }
  bool on_array_begin(error_code& error) {
    if (levels_.empty()) return refuse(error);
    if (!value({.kind = Kind::array}, error)) return false;
    levels_.push_back({.first_name = names_.size(), .is_object = false});
    return true;
  }
  bool on_array_end(std::size_t, error_code&) {
    levels_.pop_back();
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    begin_name();
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, error_code& error) {
    begin_name();
    text_.append(part.data(), part.size());
    names_.back().size = text_.size() - names_.back().offset;
    in_name_ = false;
    return !last_name().contains('\0') || refuse(error);
  }

  bool on_string_part(json::string_view part, std::size_t, error_code&) {
    string_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, error_code& error) {
    if (string_.empty()) return value({.kind = Kind::string, .string = {part.data(), part.size()}}, error);
    string_.append(part.data(), part.size());
    const bool taken = value({.kind = Kind::string, .string = string_}, error);
    string_.clear();
    return taken;
  }

  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, error_code& error) {
    return value({.kind = Kind::integer, .integer = number}, error);
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code& error) {
    return value({.kind = Kind::real, .real = static_cast<double>(number)}, error);
  }
  bool on_double(double number, json::string_view text, error_code& error) {
    const bool underflows = number == 0 && text.find_first_of("123456789") < text.find_first_of("eE");
    if (!std::isfinite(number) || underflows) return refuse(error);
    return value({.kind = Kind::real, .real = number}, error);
  }
  bool on_bool(bool flag, error_code& error) { return value({.kind = Kind::boolean, .boolean = flag}, error); }
  bool on_null(error_code& error) { return value({}, error); }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  struct Name {  // in `text_`, where those of the objects around it and its own lie one behind the other
    std::size_t offset, size;
  };
  struct Level {
    std::size_t first_name;
    bool is_object;
  };

  static bool refuse(error_code& error) {
    error = json::error::syntax;
    return false;
  }

  void begin_name() {
    if (in_name_) return;
    in_name_ = true;
    names_.push_back({.offset = text_.size(), .size = 0});
  }

  [[nodiscard]] std::string_view text_of(Name name) const {
    return std::string_view(text_).substr(name.offset, name.size);
  }
  [[nodiscard]] std::string_view last_name() const { return text_of(names_.back()); }

  // Among those from `first` on, the names of the object that ends: they are not needed in their order any more.
  [[nodiscard]] bool names_a_member_twice(std::size_t first) {
    const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto text = [this](Name name) { return text_of(name); };
    std::ranges::sort(begin, names_.end(), {}, text);
    return std::ranges::adjacent_find(begin, names_.end(), {}, text) != names_.end();
  }

  bool value(const MemberView& view, error_code& error) {
    if (levels_.empty() || view.string.contains('\0')) return refuse(error);
    bool taken = true;
    if (levels_.size() == 1) {
      taken = sink_.member(last_name(), view);
    } else if (levels_.size() == 2 && !levels_.back().is_object) {
      taken = sink_.element(last_name(), view);
    }
    return taken || refuse(error);
  }

  MemberSink& sink_;
  std::array<std::byte, 2048> memory_;
  std::pmr::monotonic_buffer_resource resource_{memory_.data(), memory_.size()};
  std::pmr::string text_{&resource_};
  std::pmr::string string_{&resource_};
  std::pmr::vector<Name> names_{&resource_};
  std::pmr::vector<Level> levels_{&resource_};
  bool in_name_ = false;
};

}  // namespace

bool read_members(std::string_view document, MemberSink& sink) {
  json::parse_options options;
  options.max_depth = depth_limit;
  json::basic_parser<Handler> parser(options, sink);
  error_code error;
  const std::size_t read = parser.write_some(false, document.data(), document.size(), error);
  return !error && read == document.size() && parser.done();
}

bool is_strict_object(std::string_view document) {
  class Anything final : public MemberSink {
   public:
    bool member(std::string_view, const MemberView&) override { return true; }
    bool element(std::string_view, const MemberView&) override { return true; }
  };
  Anything sink;
  return read_members(document, sink);
}

}  // namespace bailey::jwt::detail
