#include "http/client_transfer.hpp"

#include <bailey/http/headers.hpp>

#include "http/client_request.hpp"

#include <new>
#include <utility>

namespace bailey::http::detail {
namespace {

constexpr std::size_t header_limit_bytes = std::size_t{64} * 1024;

Error error_of(CURLcode result) {
  // The library's texts for its codes are fixed; its longer messages name hosts and are not used.
  const std::string reason = std::string(": ") + curl_easy_strerror(result);
  switch (result) {
    case CURLE_OPERATION_TIMEDOUT: return {"timeout", "The server did not answer in time", 504};
    case CURLE_FILESIZE_EXCEEDED: return {"response_too_large", "The answer is larger than allowed", 502};
    case CURLE_URL_MALFORMAT: return {"invalid_request", "The URL of the request cannot be used", 500};
    case CURLE_SEND_FAIL_REWIND:
      return {"body_not_repeatable", "The request would have to be sent again, and its body can be made only once",
              502};
    default: return {"unreachable", "The server could not be reached" + reason, 503};
  }
}

}  // namespace

Error too_large() { return error_of(CURLE_FILESIZE_EXCEEDED); }

ClientTransfer::ClientTransfer(ClientLoop& loop) : loop_(loop), easy_(loop.take_easy()) {}

void ClientTransfer::set_up(const ClientOptions& options, const ClientRequest& request) {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // else dropping a transfer waits for its name lookup to end
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // a proxy's answer is not the server's
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (options.redirect_limit > 0) {
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(options.redirect_limit));
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &ClientTransfer::take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &ClientTransfer::take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  // Said by nobody but us: curl would add a form's Content-Type to any body, and wait for a 100 before a large one.
  bool has_content_type = false;
  for (const auto& [name, value] : request.headers) {
    add_header(value.empty() ? name + ';' : name + ": " + value);
    has_content_type = has_content_type || equal_ignoring_case(name, "content-type");
  }
  if (!has_content_type) add_header("Content-Type:");
  add_header("Expect:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  if (request.method == "HEAD")
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  else
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void ClientTransfer::set_whole_body(const ClientRequest& request) {
  const std::string& method = request.method;
  if (method == "HEAD") return;
  if (request.body.empty() && method != "POST" && method != "PUT" && method != "PATCH") return;
  curl_easy_setopt(easy(), CURLOPT_POST, 1L);
  curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, request.body.data());  // not copied
}

void ClientTransfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (!headers_) headers_.reset(longer);  // else the list keeps its head
}

void ClientTransfer::drop() noexcept {
  if (!easy_) return;
  loop_.remove(easy_.get(), *this);
  loop_.give_back(std::move(easy_));
}

void ClientTransfer::ended_with(CURLcode result) noexcept {
  if (!result_) result_ = result;
}

std::size_t ClientTransfer::take_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<ClientTransfer*>(self);
  const std::string_view line(data, size * count);
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > header_limit_bytes) {
    transfer.too_large_ = true;
    return 0;
  }
  try {
    if (line.starts_with("HTTP/")) transfer.is_in_head_ = true;
    if (!transfer.is_in_head_) return line.size();  // a trailer: behind the body, and no header of the answer
    take_header_line(line, transfer.response_);
    if (line == "\r\n" || line == "\n") {
      transfer.is_in_head_ = false;
      transfer.on_head();
    }
    return line.size();
  } catch (...) {
    return 0;
  }
}

std::size_t ClientTransfer::take_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  try {
    return static_cast<ClientTransfer*>(self)->on_body({data, size * count});
  } catch (...) {
    return CURL_WRITEFUNC_ERROR;
  }
}

std::optional<Error> ClientTransfer::failure() const {
  if (too_large_) return too_large();
  if (*result_ != CURLE_OK) return error_of(*result_);
  return std::nullopt;
}

int ClientTransfer::status() const noexcept {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

}  // namespace bailey::http::detail
