// http's parser of parameters is strict, as a server's must be; mail is written by anybody, and RFC 2231 allows more.
#include "stack/mail/content_type.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <cstddef>
#include <map>

#include "stack/mail/charset.hpp"
#include "stack/mail/encoded_word.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::size_t parameter_limit = 64;
constexpr std::string_view blanks = " \t\r\n";

void skip(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

std::string take_quoted(std::string_view& text) {
  std::string out;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    out += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return out;
}

std::string take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("; \t\r\n"), text.size());
  std::string out(text.substr(0, end));
  text.remove_prefix(end);
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? ascii::hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>((high << 4) | low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// One parameter that comes in pieces: name*0*=…; name*1=…
struct Pieces {
  std::map<unsigned, std::pair<std::string, bool>> pieces;  // and whether it is percent-encoded

  [[nodiscard]] std::string joined() const {
    std::string charset;
    std::string bytes;
    for (const auto& [number, piece] : pieces) {
      std::string_view text = piece.first;
      if (number == 0 && piece.second) {
        const std::size_t first = text.find('\'');
        const std::size_t second = first == std::string_view::npos ? first : text.find('\'', first + 1);
        if (second != std::string_view::npos) {
          charset = text.substr(0, first);
          text.remove_prefix(second + 1);
        }
      }
      bytes += piece.second ? percent_decoded(text) : std::string(text);
    }
    return to_utf8(bytes, charset);
  }
};

// Of "name*12*": the name, the number, whether it is encoded. False when it is a name without a star.
bool split_name(std::string_view& name, unsigned& number, bool& encoded) {
  const std::size_t star = name.find('*');
  if (star == std::string_view::npos) return false;
  std::string_view rest = name.substr(star + 1);
  name = name.substr(0, star);
  number = 0;
  encoded = rest.empty() || rest.ends_with('*');
  if (rest.ends_with('*')) rest.remove_suffix(1);
  if (rest.size() > 2 || !std::ranges::all_of(rest, ascii::is_digit)) return false;
  for (const char c : rest) number = number * 10 + static_cast<unsigned>(c - '0');
  return true;
}

}  // namespace

std::string_view FieldWithParameters::find(std::string_view name) const noexcept {
  for (const auto& [known, text] : parameters) {
    if (known == name) return text;
  }
  return {};
}

FieldWithParameters parse_parameters(std::string_view field) {
  FieldWithParameters found;
  std::map<std::string, Pieces, std::less<>> in_pieces;
  skip(field, blanks);
  found.value = ascii::to_lower(take_word(field));
  for (std::size_t count = 0; count < parameter_limit; ++count) {
    skip(field, "; \t\r\n");
    const std::size_t equals = field.find_first_of("=;");
    if (equals == std::string_view::npos) break;
    if (field[equals] == ';') {
      field.remove_prefix(equals);
      continue;
    }
    const std::string sent = ascii::to_lower(ascii::trim(field.substr(0, equals)));
    field.remove_prefix(equals + 1);
    skip(field, blanks);
    std::string value = field.starts_with('"') ? take_quoted(field) : take_word(field);
    std::string_view name = sent;
    unsigned number = 0;
    bool encoded = false;
    if (split_name(name, number, encoded)) {
      in_pieces[std::string(name)].pieces.try_emplace(number, std::move(value), encoded);
    } else if (found.find(name).empty()) {
      found.parameters.emplace_back(name, from_encoded_words(value));
    }
  }
  // What says its character set is better than the same name without.
  for (const auto& [name, pieces] : in_pieces) {
    std::erase_if(found.parameters, [&](const auto& parameter) { return parameter.first == name; });
    found.parameters.emplace_back(name, pieces.joined());
  }
  return found;
}

}  // namespace bailey::stack::mail
