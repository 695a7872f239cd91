#include "stack/mail/mail_view.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::stack::mail {
namespace {

// `sandbox` without allow-scripts and allow-same-origin holds also where the mail is opened in a tab of its own. Images
// are shown from anywhere, as a template's author wants to see them; forms, frames, plug-ins and scripts are not.
constexpr std::string_view policy =
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data: 'self'; "
    "style-src 'unsafe-inline'; font-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

constexpr std::string_view part_policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

bool is_shown_by_browsers(std::string_view content_type) {
  constexpr std::array<std::string_view, 7> harmless{"image/png",  "image/jpeg", "image/gif",      "image/webp",
                                                     "image/avif", "text/plain", "application/pdf"};
  return std::ranges::find(harmless, content_type) != harmless.end();
}

// In a quoted-string of a header: other characters are left out.
std::string file_name_of(const MimePart& part) {
  std::string name;
  for (const char c : part.file_name.empty() ? part.content_id : part.file_name) {
    const bool is_plain = ascii::is_letter(c) || ascii::is_digit(c) || std::string_view("-_. ()").contains(c);
    name += is_plain ? c : '_';
  }
  return name.empty() ? "part" : name;
}

// "cid:…" in an attribute becomes the address of the part.
std::string with_parts_linked(const std::string& id, const MimeMessage& message, const std::string& html) {
  constexpr std::size_t content_id_limit = 300;
  std::map<std::string_view, std::string_view> part_of;
  for (const MimePart& part : message.parts) {
    if (!part.content_id.empty()) part_of.emplace(part.content_id, part.id);
  }
  if (part_of.empty()) return html;
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = html.find("cid:"); at != std::string::npos; at = html.find("cid:", at + 4)) {
    const std::string_view behind = std::string_view(html).substr(at + 4, content_id_limit);
    const std::string_view content_id = behind.substr(0, behind.find_first_of("\"' >)"));
    const auto found = part_of.find(content_id);
    if (found == part_of.end()) continue;
    out.append(html, from, at - from).append("/api/v1/message/").append(id).append("/part/").append(found->second);
    from = at + 4 + content_id.size();
  }
  return out.append(html, from);
}

// Behind its doctype, without which browsers show it otherwise.
std::string with_links_in_new_tabs(const std::string& html) {
  constexpr std::string_view base = "<base target=\"_blank\">";
  std::size_t at = std::min(html.find_first_not_of(" \t\r\n"), html.size());
  const bool has_doctype = ascii::equal_ignoring_case(std::string_view(html).substr(at, 9), "<!doctype");
  at = has_doctype ? html.find('>', at) : std::string::npos;
  at = at == std::string::npos ? 0 : at + 1;
  std::string out = html.substr(0, at);
  return out.append(base).append(html, at);
}

}  // namespace

http::Response html_view(const CaughtMail& mail, bool embedded) {
  const MimeMessage message = parse_mime(mail.raw);
  const MimePart* const part = message.body_of("text/html");
  if (part == nullptr) return http::Response::text(404, "This message does not contain a HTML part");
  std::string html = with_parts_linked(mail.id, message, part->text());
  http::Response response(200);
  response.content_type("text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", policy);
  response.body = embedded ? with_links_in_new_tabs(html) : std::move(html);
  return response;
}

http::Response part_view(const MimePart& part) {
  const bool is_shown = is_shown_by_browsers(part.content_type);
  http::Response response(200);
  response.content_type(!is_shown                           ? "application/octet-stream"
                        : part.content_type == "text/plain" ? "text/plain; charset=utf-8"
                                                            : std::string_view(part.content_type));
  response.headers.set("Content-Disposition",
                       (is_shown ? "inline; filename=\"" : "attachment; filename=\"") + file_name_of(part) + "\"");
  response.headers.set("Content-Security-Policy", part_policy);
  response.body = part.content_type == "text/plain" ? part.text() : part.content();
  return response;
}

}  // namespace bailey::stack::mail
