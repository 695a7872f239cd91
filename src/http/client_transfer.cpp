#include "http/client_transfer.hpp"

#include <bailey/http/headers.hpp>

#include "http/client_request.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <new>

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
    default: return {"unreachable", "The server could not be reached" + reason, 503};
  }
}

}  // namespace

ClientTransfer::ClientTransfer(ClientLoop& loop, const ClientOptions& options, const ClientRequest& request)
    : Waiter(Loop::current()),
      loop_(loop),
      easy_(loop.take_easy()),
      body_limit_bytes_(request.response_limit_bytes),
      timeout_(request.timeout) {
  set_up(options, request);
  loop_.add(easy_.get(), *this);
  is_added_ = true;
}

ClientTransfer::~ClientTransfer() {
  if (is_added_) loop_.remove(easy_.get());
  loop_.give_back(std::move(easy_));
}

void ClientTransfer::set_up(const ClientOptions& options, const ClientRequest& request) {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // else dropping a transfer waits for its name lookup to end
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (options.redirect_limit > 0) {
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(options.redirect_limit));
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &ClientTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &ClientTransfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  set_body(request);
  // Said by nobody but us: curl would add a form's Content-Type to any body, and wait for a 100 before a large one.
  bool has_content_type = false;
  for (const auto& [name, value] : request.headers) {
    add_header(value.empty() ? name + ';' : name + ": " + value);
    has_content_type = has_content_type || equal_ignoring_case(name, "content-type");
  }
  if (!has_content_type) add_header("Content-Type:");
  add_header("Expect:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

void ClientTransfer::set_body(const ClientRequest& request) {
  CURL* const easy = easy_.get();
  const std::string& method = request.method;
  if (method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.response_limit_bytes));
  if (!request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());  // not copied
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void ClientTransfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (!headers_) headers_.reset(longer);  // else the list keeps its head
}

std::size_t ClientTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<ClientTransfer*>(self);
  const std::size_t bytes = size * count;
  transfer.header_bytes_ += bytes;
  if (transfer.header_bytes_ > header_limit_bytes) {
    transfer.too_large_ = true;
    return 0;
  }
  try {
    take_header_line(std::string_view(data, bytes), transfer.response_);
    return bytes;
  } catch (...) {
    return 0;
  }
}

std::size_t ClientTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<ClientTransfer*>(self);
  const std::size_t bytes = size * count;
  if (bytes > transfer.body_limit_bytes_ - transfer.response_.body.size()) {
    transfer.too_large_ = true;
    return CURL_WRITEFUNC_ERROR;
  }
  try {
    transfer.response_.body.append(data, bytes);
    return bytes;
  } catch (...) {
    return CURL_WRITEFUNC_ERROR;
  }
}

void ClientTransfer::finished(CURLcode result) noexcept {
  is_added_ = false;
  result_ = result;
  settle_later();
}

bool ClientTransfer::withdraw(Reason reason) noexcept {
  if (result_) return false;
  cancelled_ = reason == Reason::cancelled;
  result_ = CURLE_OPERATION_TIMEDOUT;
  return true;
}

Task<> ClientTransfer::ended() {
  arm(std::max(timeout_, std::chrono::milliseconds(1)));
  if (!result_) co_await wait();
  if (cancelled_) throw boost::system::system_error(boost::asio::error::operation_aborted);
}

Expected<ClientResponse> ClientTransfer::outcome() {
  if (too_large_) return std::unexpected(error_of(CURLE_FILESIZE_EXCEEDED));
  if (*result_ != CURLE_OK) return std::unexpected(error_of(*result_));
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

}  // namespace bailey::http::detail
