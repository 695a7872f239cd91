#include "stack/auth/sms.hpp"

#include <bailey/base/ascii.hpp>

#include "stack/auth/phone_number.hpp"

namespace bailey::stack::auth {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Go's `{{-` and `-}}` take the blanks around them away.
void trim_end(std::string& text) {
  while (!text.empty() && is_blank(text.back())) text.pop_back();
}
std::string_view trim_start(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

Expected<SmsTemplate> SmsTemplate::parse(std::string_view text) {
  SmsTemplate result;
  for (;;) {
    const std::size_t open = text.find("{{");
    std::string piece(text.substr(0, open));
    if (open == std::string_view::npos) {
      result.pieces_.push_back(std::move(piece));
      return result;
    }
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) {
      return std::unexpected(Error("invalid_template", "a {{ in the template of messages is not closed", 400));
    }
    std::string_view action = text.substr(open + 2, close - open - 2);
    text.remove_prefix(close + 2);
    if (action.starts_with("- ")) {
      trim_end(piece);
      action.remove_prefix(1);
    }
    if (action.ends_with(" -")) {
      text = trim_start(text);
      action.remove_suffix(1);
    }
    if (ascii::trim(action) != ".Code") {
      return std::unexpected(Error(
          "invalid_template", "{{" + std::string(action) + "}}: the template of messages has {{ .Code }} alone", 400));
    }
    result.pieces_.push_back(std::move(piece));
  }
}

std::string SmsTemplate::render(std::string_view code) const {
  std::string text;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (i > 0) text += code;
    text += pieces_[i];
  }
  return text;
}

TestNumbers::TestNumbers(const std::map<std::string, std::string>& codes, std::optional<UnixSeconds> until)
    : until_(until) {
  for (const auto& [phone, code] : codes) codes_[normalise_phone(phone)] = code;
}

std::optional<std::string> TestNumbers::code_of(std::string_view phone, UnixSeconds now) const {
  if (until_ && now >= *until_) return std::nullopt;
  const auto found = codes_.find(phone);
  return found == codes_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace bailey::stack::auth
