#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::auth {

// One message to one phone. The text holds a code that signs somebody in, so it is never logged, nor part of an error.
struct Sms {
  std::string phone;  // normalised
  std::string text;
  std::string code;            // that is in the text, for services that word it themselves
  std::string channel{"sms"};  // or "whatsapp"
};

// Sends messages: a service, the hook of the project, or the mailbox of `bailey dev`. An implementation is immutable or
// locks by itself: any loop may send, several at a time.
class SmsSender {
 public:
  SmsSender() = default;
  SmsSender(const SmsSender&) = delete;
  SmsSender& operator=(const SmsSender&) = delete;
  virtual ~SmsSender() = default;

  // The service's id of the message, "" for none. An Error says why it was not sent, without the number and the text.
  [[nodiscard]] virtual Task<Expected<std::string>> send(Sms message) const = 0;
  [[nodiscard]] virtual bool has_channel(std::string_view channel) const { return channel == "sms"; }
};

// The text of a message: a template of Go's, in which {{ .Code }} stands for the code. Made once, when the settings are
// read.
class SmsTemplate {
 public:
  // Error "invalid_template" for one that would need more than that.
  [[nodiscard]] static Expected<SmsTemplate> parse(std::string_view text);
  [[nodiscard]] std::string render(std::string_view code) const;

 private:
  std::vector<std::string> pieces_;  // between them stands the code
};

// Numbers of tests, each with the code it always has: [auth.sms.test_otp]. Nothing is sent to them.
class TestNumbers {
 public:
  TestNumbers() = default;
  // Numbers may have a `+` and blanks. Codes are good until then; nullopt: always.
  explicit TestNumbers(const std::map<std::string, std::string>& codes,
                       std::optional<UnixSeconds> until = std::nullopt);

  // nullopt: it is no number of tests, or not any more.
  [[nodiscard]] std::optional<std::string> code_of(std::string_view phone, UnixSeconds now) const;

 private:
  std::map<std::string, std::string, std::less<>> codes_;
  std::optional<UnixSeconds> until_;
};

}  // namespace bailey::stack::auth
