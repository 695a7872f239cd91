// What a stranger says to the SMTP server of the mailbox: cut anywhere it is taken the same way; no message is larger
// than allowed, and nothing is answered that is not a reply.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/mail/smtp_session.hpp"

namespace {

using namespace bailey::stack::mail;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Result {
  std::string replies;
  std::vector<std::pair<std::vector<std::string>, std::string>> caught;
  bool operator==(const Result&) const = default;
};

Result talk(std::string_view said, std::size_t step) {
  SmtpLimits limits;
  limits.command_line_bytes = 100;
  limits.text_line_bytes = 60;
  limits.message_bytes = 300;
  limits.recipients = 3;
  limits.messages = 4;
  Result result;
  SmtpSession session(
      limits,
      [&](Envelope envelope, std::string message) {
        require(message.size() <= limits.message_bytes && envelope.to.size() <= limits.recipients);
        envelope.to.push_back(envelope.from);
        envelope.to.push_back(envelope.user);
        result.caught.emplace_back(std::move(envelope.to), std::move(message));
        return result.caught.size() != 2;
      },
      [](std::size_t) { return true; });
  for (std::size_t at = 0; at < said.size(); at += std::min(step, said.size() - at)) {
    session.feed(said.substr(at, step), result.replies);
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view said(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Result whole = talk(said, said.size() + 1);
  require(talk(said, 1) == whole);
  require(talk(said, data[0] % 50U + 1) == whole);
  std::string_view rest = whole.replies;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    require(end != std::string_view::npos && end >= 4 && (rest[3] == ' ' || rest[3] == '-'));
    require(rest.substr(0, end).find_first_of("\r\n") == std::string_view::npos);
    rest.remove_prefix(end + 2);
  }
  return 0;
}
