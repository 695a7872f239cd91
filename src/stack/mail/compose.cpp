#include "stack/mail/compose.hpp"

#include <bailey/base/random.hpp>
#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <array>
#include <string_view>

#include "stack/mail/address.hpp"
#include "stack/mail/encoded_word.hpp"
#include "stack/mail/transfer_encoding.hpp"

namespace bailey::stack::mail {
namespace {

std::unexpected<Error> invalid(std::string why) {
  return std::unexpected(Error("invalid_letter", std::move(why), 400));
}

bool is_one_line(std::string_view text) {
  return detail::is_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

// RFC 5322 section 3.3: "Sat, 28 Nov 2026 03:28:56 +0000".
std::string date_field(std::chrono::sys_seconds time) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto two = [](auto number) {
    const std::string digits = std::to_string(number);
    return digits.size() == 1 ? "0" + digits : digits;
  };
  std::string out(days[std::chrono::weekday(day).c_encoding()]);
  out.append(", ").append(two(static_cast<unsigned>(date.day()))).append(" ");
  out.append(months[static_cast<unsigned>(date.month()) - 1]).append(" ").append(std::to_string(int(date.year())));
  out.append(" ").append(two(clock.hours().count())).append(":").append(two(clock.minutes().count()));
  return out.append(":").append(two(clock.seconds().count())).append(" +0000");
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

std::string sender_field(const Sender& sender) {
  constexpr std::size_t label = std::string_view("From: ").size();
  if (sender.name.empty()) return sender.address;
  const std::string words = encoded_words(sender.name, label);
  const std::string name = words == sender.name ? quoted(sender.name) : words;
  return name + (name.size() + sender.address.size() > 70 ? "\r\n <" : " <") + sender.address + ">";
}

std::string part(std::string_view type, std::string_view text) {
  std::string out("Content-Type: ");
  out.append(type).append("; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
  return out.append(quoted_printable(text));
}

// A message ends with a line's end, whether its text does or not.
std::string whole(std::string_view type, std::string_view text) {
  std::string out = part(type, text);
  return out.ends_with("\r\n") ? out : out.append("\r\n");
}

std::string body(const Letter& letter, const Stamp& stamp) {
  if (letter.text.empty()) return whole("text/html", letter.html);
  if (letter.html.empty()) return whole("text/plain", letter.text);
  const std::string boundary = "=_" + stamp.id;  // "=_" is nowhere in quoted-printable
  std::string out = "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  out.append("--").append(boundary).append("\r\n").append(part("text/plain", letter.text));
  out.append("\r\n--").append(boundary).append("\r\n").append(part("text/html", letter.html));
  return out.append("\r\n--").append(boundary).append("--\r\n");
}

}  // namespace

Stamp Stamp::now() {
  return {std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()), random_token(18)};
}

Expected<std::string> compose(const Letter& letter, const Stamp& stamp) {
  if (!is_address(letter.from.address)) return invalid("The sender's address is none that mail can be sent from");
  if (!is_address(letter.to)) return invalid("The recipient's address is none that mail can be sent to");
  if (!is_one_line(letter.from.name)) return invalid("The sender's name is not one line of text");
  if (!is_one_line(letter.subject)) return invalid("The subject is not one line of text");
  if (letter.subject.size() + letter.html.size() + letter.text.size() > letter_limit_bytes) {
    return invalid("The letter is longer than " + std::to_string(letter_limit_bytes) + " bytes");
  }
  if (!detail::is_utf8(letter.html) || !detail::is_utf8(letter.text)) return invalid("The letter is not UTF-8");
  const std::string domain = letter.from.address.substr(letter.from.address.find('@') + 1);
  std::string out = "From: " + sender_field(letter.from) + "\r\nTo: " + letter.to + "\r\n";
  out.append("Subject: ").append(encoded_words(letter.subject, std::string_view("Subject: ").size())).append("\r\n");
  out.append("Date: ").append(date_field(stamp.date)).append("\r\n");
  out.append("Message-ID: <").append(stamp.id).append("@").append(domain).append(">\r\nMIME-Version: 1.0\r\n");
  return out += body(letter, stamp);
}

}  // namespace bailey::stack::mail
