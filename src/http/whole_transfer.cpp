#include "http/whole_transfer.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace bailey::http::detail {

WholeTransfer::WholeTransfer(ClientLoop& loop, const ClientOptions& options, const ClientRequest& request)
    : ClientTransfer(loop),
      Waiter(Loop::current()),
      body_limit_bytes_(request.response_limit_bytes),
      timeout_(request.timeout) {
  set_up(options, request);
  set_whole_body(request);
  if (request.method != "HEAD")
    curl_easy_setopt(easy(), CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(body_limit_bytes_));
  begin();
}

std::size_t WholeTransfer::on_body(std::string_view part) {
  if (part.size() > body_limit_bytes_ - response_.body.size()) {
    too_large_ = true;
    return CURL_WRITEFUNC_ERROR;
  }
  response_.body.append(part);
  return part.size();
}

void WholeTransfer::finished(CURLcode result) noexcept {
  ended_with(result);
  settle_later();
}

bool WholeTransfer::withdraw(Reason reason) noexcept {
  if (has_ended()) return false;
  cancelled_ = reason == Reason::cancelled;
  ended_with(CURLE_OPERATION_TIMEDOUT);
  return true;
}

Task<> WholeTransfer::ended() {
  arm(std::max(timeout_, std::chrono::milliseconds(1)));
  if (!has_ended()) co_await wait();
  if (cancelled_) throw boost::system::system_error(boost::asio::error::operation_aborted);
}

Expected<ClientResponse> WholeTransfer::outcome() {
  if (auto why = failure()) return std::unexpected(*std::move(why));
  response_.status = status();
  return std::move(response_);
}

}  // namespace bailey::http::detail
