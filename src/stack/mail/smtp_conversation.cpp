// curl's easy interface, which blocks: at the end of a conversation curl says QUIT and waits for an answer, also where
// its multi interface is used, so that a server that does not answer would stop an event loop.
#include "stack/mail/smtp_conversation.hpp"

#include <bailey/base/ascii.hpp>

#include <curl/curl.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "stack/mail/address.hpp"
#include "stack/mail/smtp_replies.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::uint16_t implicit_tls_port = 465;

// A name that only begins like such an address ("127.example.com") is anybody's.
bool is_loopback(const std::string& host) {
  boost::system::error_code is_name;
  const auto address = boost::asio::ip::make_address(host, is_name);
  return is_name ? ascii::equal_ignoring_case(host, "localhost") : address.is_loopback();
}

std::string url_of(const SmtpOptions& options) {
  std::string url = options.implicit_tls || options.port == implicit_tls_port ? "smtps://" : "smtp://";
  const bool is_ipv6 = options.host.contains(':');
  url.append(is_ipv6 ? "[" : "").append(options.host).append(is_ipv6 ? "]" : "");
  return url.append(":").append(std::to_string(options.port)).append("/").append(options.greeting_name);
}

long tls_of(const SmtpOptions& options) {
  return may_go_in_clear(options) ? static_cast<long>(CURLUSESSL_TRY) : static_cast<long>(CURLUSESSL_ALL);
}

Error unavailable(std::string_view why) {
  return {"mail_unavailable", "The mail could not be sent: " + std::string(why), 503};
}
Error refused(std::string_view why) { return {"mail_refused", "The mail could not be sent: " + std::string(why), 502}; }

class Conversation {
 public:
  Conversation(const SmtpOptions& options, const std::string& from, const std::string& to, std::string_view message,
               const std::atomic<bool>& is_ending)
      : options_(options),
        from_(from),
        to_(to),
        left_(message),
        is_ending_(is_ending),
        needs_utf8_(!is_ascii(from) || !is_ascii(to)) {
    if (!easy_) throw std::bad_alloc();
  }
  // QUIT is sent and its answer not waited for.
  ~Conversation() {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) shutdown(socket, SHUT_RD);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void run(std::chrono::milliseconds timeout) {
    set_up(timeout);
    result_ = curl_easy_perform(easy_.get());
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &last_code_);
  }
  [[nodiscard]] std::optional<Error> failure() const;
  [[nodiscard]] bool may_be_repeated() const noexcept;

 private:
  void set_up(std::chrono::milliseconds timeout);
  static std::size_t give_text(char* into, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t take_reply(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t drop_text(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static int look_around(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return static_cast<const Conversation*>(self)->is_ending_ ? 1 : 0;
  }

  struct FreeEasy {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  const SmtpOptions& options_;
  const std::string& from_;
  const std::string& to_;
  std::string_view left_;  // of the message
  const std::atomic<bool>& is_ending_;
  std::unique_ptr<curl_slist, FreeList> recipients_;
  std::unique_ptr<CURL, FreeEasy> easy_{curl_easy_init()};
  SmtpReplies replies_;
  bool needs_utf8_;
  bool lacks_utf8_ = false;
  // What the server has refused with; 0: it has not. Not every line is given to take_reply, and the last code of all
  // may be another than that of the refusal.
  [[nodiscard]] int refusal() const noexcept {
    return last_code_ >= 400 ? static_cast<int>(last_code_) : replies_.refusal();
  }

  CURLcode result_ = CURLE_OK;
  long last_code_ = 0;
};

void Conversation::set_up(std::chrono::milliseconds timeout) {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, url_of(options_).c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // else its end waits for a name lookup that takes too long
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(timeout.count(), 1)));
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Conversation::look_around);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_USE_SSL, tls_of(options_));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, std::string(options_.password.reveal()).c_str());
  }
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // those of the environment are for the web
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + from_ + ">").c_str());
  recipients_.reset(curl_slist_append(nullptr, ("<" + to_ + ">").c_str()));
  if (!recipients_) throw std::bad_alloc();
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients_.get());
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(left_.size()));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Conversation::give_text);
  curl_easy_setopt(easy, CURLOPT_READDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Conversation::take_reply);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Conversation::drop_text);
}

std::size_t Conversation::give_text(char* into, std::size_t size, std::size_t count, void* self) noexcept {
  std::string_view& left = static_cast<Conversation*>(self)->left_;
  const std::size_t given = std::min(size * count, left.size());
  std::memcpy(into, left.data(), given);
  left.remove_prefix(given);
  return given;
}

std::size_t Conversation::take_reply(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& talk = *static_cast<Conversation*>(self);
  talk.replies_.take({data, size * count});
  // Before the recipient's is sent, as bytes that the server has not said it can read.
  talk.lacks_utf8_ = talk.needs_utf8_ && talk.replies_.has_taken_sender() && !talk.replies_.takes_utf8();
  return talk.lacks_utf8_ ? 0 : size * count;
}

std::size_t Conversation::drop_text(char*, std::size_t size, std::size_t count, void*) noexcept { return size * count; }

std::optional<Error> Conversation::failure() const {
  if (lacks_utf8_) return refused("the mail server takes no address beyond ASCII (SMTPUTF8)");
  const int code = refusal();
  const std::string reply = "the mail server answered " + std::to_string(code);
  switch (result_) {
    case CURLE_OK: return std::nullopt;
    case CURLE_ABORTED_BY_CALLBACK: return unavailable("the program ends");
    case CURLE_OPERATION_TIMEDOUT: return Error("mail_timeout", "The mail server did not answer in time", 504);
    case CURLE_LOGIN_DENIED:
      if (code >= 400 && code < 500) return unavailable(reply);
      return refused("the mail server refused the user or the password");
    case CURLE_USE_SSL_FAILED: return refused("the mail server does not offer TLS (STARTTLS)");
    case CURLE_PEER_FAILED_VERIFICATION: return refused("the mail server's certificate could not be verified");
    case CURLE_SSL_CACERT_BADFILE: return refused("the file of certificates to trust could not be read");
    default: break;
  }
  if (code >= 500) return refused(reply);
  if (code >= 400) return unavailable(reply);
  // The library's texts for its codes are fixed; its longer messages name hosts and are not used.
  return unavailable(curl_easy_strerror(result_));
}

bool Conversation::may_be_repeated() const noexcept {
  if (lacks_utf8_ || result_ == CURLE_OPERATION_TIMEDOUT || result_ == CURLE_ABORTED_BY_CALLBACK) return false;
  const int code = refusal();
  if (code >= 400) return code < 500;
  switch (result_) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return true;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_WEIRD_SERVER_REPLY: return !replies_.has_asked_for_text();
    default: return false;
  }
}

}  // namespace

bool may_go_in_clear(const SmtpOptions& options) {
  return options.tls == SmtpOptions::Tls::automatic && (options.user.empty() || is_loopback(options.host));
}

SmtpOutcome converse(const SmtpOptions& options, const std::string& from, const std::string& to,
                     std::string_view message, std::chrono::milliseconds timeout, const std::atomic<bool>& is_ending) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return {unavailable("its library could not be initialised"), false};
  Conversation talk(options, from, to, message, is_ending);
  talk.run(timeout);
  return {talk.failure(), talk.may_be_repeated()};
}

}  // namespace bailey::stack::mail
