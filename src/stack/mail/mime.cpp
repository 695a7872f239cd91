// Lines may end in CRLF or LF. A multipart's parts are found by looking for lines that begin with its delimiter, once:
// its own lines are walked, and the parts of a part are looked for within that alone, so each byte is looked at once
// for each level of depth.
#include "stack/mail/mime.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>

#include "stack/mail/charset.hpp"
#include "stack/mail/content_type.hpp"
#include "stack/mail/encoded_word.hpp"
#include "stack/mail/transfer_encoding.hpp"

namespace bailey::stack::mail {
namespace {

// The first line of `text`, taken off it, without its end.
std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

struct Entity {
  std::vector<MimeField> fields;
  std::string_view body;

  [[nodiscard]] std::string_view field(std::string_view name) const noexcept {
    for (const auto& [known, value] : fields) {
      if (ascii::equal_ignoring_case(known, name)) return value;
    }
    return {};
  }
};

// The header, up to an empty line, and what follows.
Entity read_entity(std::string_view text, const MimeLimits& limits) {
  Entity entity;
  std::size_t bytes = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    bytes += line.size();
    if (bytes > limits.header_bytes) continue;
    if (line.front() == ' ' || line.front() == '\t') {
      if (!entity.fields.empty()) entity.fields.back().second.append(" ").append(ascii::trim(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || entity.fields.size() >= limits.header_fields) continue;
    entity.fields.emplace_back(ascii::trim(line.substr(0, colon)), ascii::trim(line.substr(colon + 1)));
  }
  entity.body = text;
  return entity;
}

// The parts between the delimiters, without what stands before the first and behind the last. Without a last one, all
// that is there.
std::vector<std::string_view> split(std::string_view body, std::string_view boundary, std::size_t limit) {
  std::vector<std::string_view> parts;
  const char* begin = nullptr;
  std::string_view rest = body;
  const auto finish = [&](const char* end) {
    if (begin == nullptr) return;
    // The line end before a delimiter belongs to that.
    std::string_view part(begin, static_cast<std::size_t>(end - begin));
    if (part.ends_with('\n')) part.remove_suffix(1);
    if (part.ends_with('\r')) part.remove_suffix(1);
    if (parts.size() < limit) parts.push_back(part);
  };
  while (!rest.empty()) {
    const char* const line_begin = rest.data();
    const std::string_view line = take_line(rest);
    if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) continue;
    const std::string_view behind = ascii::trim(line.substr(2 + boundary.size()));
    if (!behind.empty() && behind != "--") continue;
    finish(line_begin);
    begin = rest.data();
    if (behind == "--") return parts;
  }
  finish(body.data() + body.size());
  return parts;
}

class Reader {
 public:
  Reader(const MimeLimits& limits, MimeMessage& message) : limits_(limits), message_(message) {}

  void read(const Entity& entity, const std::string& id, std::size_t depth) {
    const FieldWithParameters type = parse_parameters(entity.field("Content-Type"));
    const std::string_view boundary = type.find("boundary");
    if (type.value.starts_with("multipart/") && !boundary.empty() && depth < limits_.depth) {
      std::size_t number = 0;
      for (const std::string_view part : split(entity.body, boundary, limits_.parts - message_.parts.size())) {
        if (message_.parts.size() >= limits_.parts) return;
        const std::string own = std::to_string(++number);
        read(read_entity(part, limits_), depth == 0 ? own : id + "." + own, depth + 1);
      }
      return;
    }
    add(entity, type, id);
  }

 private:
  void add(const Entity& entity, const FieldWithParameters& type, const std::string& id) {
    const FieldWithParameters disposition = parse_parameters(entity.field("Content-Disposition"));
    MimePart part;
    part.id = id;
    part.content_type = type.value.contains('/') ? type.value : "text/plain";
    part.charset = type.find("charset");
    part.file_name = disposition.find("filename");
    if (part.file_name.empty()) part.file_name = type.find("name");
    std::string_view content_id = ascii::trim(entity.field("Content-ID"));
    if (content_id.starts_with('<') && content_id.ends_with('>'))
      content_id = content_id.substr(1, content_id.size() - 2);
    part.content_id = detail::to_utf8(content_id);
    part.encoding = ascii::to_lower(ascii::trim(entity.field("Content-Transfer-Encoding")));
    part.is_attachment = disposition.value == "attachment";
    part.body = entity.body;
    message_.parts.push_back(std::move(part));
  }

  const MimeLimits& limits_;
  MimeMessage& message_;
};

}  // namespace

std::string MimePart::content() const {
  if (encoding == "base64") return from_base64(body);
  if (encoding == "quoted-printable") return from_quoted_printable(body);
  return std::string(body);
}

std::string MimePart::text() const { return to_utf8(content(), charset); }

std::string_view MimeMessage::field(std::string_view name) const noexcept {
  for (const auto& [known, value] : fields) {
    if (ascii::equal_ignoring_case(known, name)) return value;
  }
  return {};
}

std::string MimeMessage::text_of(std::string_view name) const { return from_encoded_words(field(name)); }

const MimePart* MimeMessage::body_of(std::string_view content_type) const noexcept {
  const auto found = std::ranges::find_if(
      parts, [&](const MimePart& part) { return part.content_type == content_type && !part.is_attachment; });
  return found == parts.end() ? nullptr : &*found;
}

const MimePart* MimeMessage::part(std::string_view id) const noexcept {
  const auto found = std::ranges::find(parts, id, &MimePart::id);
  return found == parts.end() ? nullptr : &*found;
}

MimeMessage parse_mime(std::string_view message, const MimeLimits& limits) {
  MimeMessage result;
  Entity entity = read_entity(message, limits);
  Reader(limits, result).read(entity, "0", 0);
  result.fields = std::move(entity.fields);
  return result;
}

}  // namespace bailey::stack::mail
