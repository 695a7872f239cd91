// Of a conversation: 220 (greeting), 250-… (EHLO), perhaps 220 (STARTTLS) and again 250-…, perhaps 334 and 235 (AUTH),
// 250 (MAIL), 250 (RCPT), 354 (DATA), 250. So the second 250 after a 220 is the answer to MAIL.
#include "stack/mail/smtp_replies.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::stack::mail {

void SmtpReplies::take(std::string_view line) noexcept {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() < 3 || !std::ranges::all_of(line.substr(0, 3), ascii::is_digit)) return;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (successes_ == 0 && code == 250 && line.size() > 4) {
    const std::string_view keyword = line.substr(4, line.find(' ', 4) - 4);
    if (ascii::equal_ignoring_case(keyword, "SMTPUTF8")) takes_utf8_ = true;
  }
  if (line.size() > 3 && line[3] == '-') return;  // more lines follow
  if (code >= 400) refusal_ = code;
  if (code == 354) has_asked_for_text_ = true;
  if (code == 220) {
    successes_ = 0;
    takes_utf8_ = false;
  } else if (code == 250 && ++successes_ == 2) {
    has_taken_sender_ = true;
  }
}

}  // namespace bailey::stack::mail
