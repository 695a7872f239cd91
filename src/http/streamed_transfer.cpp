#include "http/streamed_transfer.hpp"

#include <bailey/http/headers.hpp>
#include <bailey/http/status.hpp>
#include <bailey/runtime/when.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace bailey::http::detail {
namespace {

constexpr std::size_t window_bytes = std::size_t{256} * 1024;
constexpr int looks_for_silence = 4;  // within the time of silence allowed

}  // namespace

StreamedTransfer::StreamedTransfer(ClientLoop& loop, const ClientOptions& options, ClientRequest request,
                                   const BodySource* source)
    : ClientTransfer(loop), request_(std::move(request)), follows_redirects_(options.redirect_limit > 0) {
  set_up(options, request_);
  if (source != nullptr)
    send_from(*source);
  else
    set_whole_body(request_);
  begin();
}

void StreamedTransfer::send_from(const BodySource& source) {
  has_source_ = true;
  length_ = source.length_bytes();
  is_last_part_ = false;
  curl_easy_setopt(easy(), CURLOPT_UPLOAD, 1L);  // the method stays the request's
  curl_easy_setopt(easy(), CURLOPT_INFILESIZE_LARGE, length_ ? static_cast<curl_off_t>(*length_) : curl_off_t{-1});
  curl_easy_setopt(easy(), CURLOPT_HTTP_TRANSFER_DECODING, 0L);
  curl_easy_setopt(easy(), CURLOPT_READFUNCTION, &StreamedTransfer::take_from_part);
  curl_easy_setopt(easy(), CURLOPT_READDATA, this);
}

std::size_t StreamedTransfer::take_from_part(char* into, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<StreamedTransfer*>(self);
  const std::size_t taken = std::min(size * count, transfer.part_.size() - transfer.part_sent_);
  if (taken == 0) {
    if (transfer.is_last_part_) return 0;
    transfer.sending_paused_ = true;
    transfer.part_wanted_.set();
    return CURL_READFUNC_PAUSE;
  }
  transfer.part_.copy(into, taken, transfer.part_sent_);
  transfer.part_sent_ += taken;
  // The next is made while curl sends this.
  if (transfer.part_sent_ == transfer.part_.size() && !transfer.is_last_part_) transfer.part_wanted_.set();
  return taken;
}

Task<> StreamedTransfer::feed(std::shared_ptr<StreamedTransfer> self, BodySource& source) {
  co_await self->offer_parts(source);
  const Event never;
  co_await never.wait();
}

Task<> StreamedTransfer::offer_parts(BodySource& source) {
  try {
    while (!is_last_part_) {
      co_await part_wanted_.wait();
      part_wanted_.reset();
      std::string part = co_await source.next();
      offer(std::move(part));
    }
  } catch (...) {
    if (has_ended()) throw;  // cancelled because of that, most likely
    thrown_ = std::current_exception();
    end(CURLE_ABORTED_BY_CALLBACK);
  }
}

void StreamedTransfer::offer(std::string part) {
  if (has_ended()) return;
  offered_ += part.size();
  is_last_part_ = part.empty();
  if (length_ && (is_last_part_ ? offered_ != *length_ : offered_ > *length_))
    throw Error("body_length_mismatch", "The body is not as long as was announced", 500);
  part_ = std::move(part);
  part_sent_ = 0;
  if (!sending_paused_) return;
  sending_paused_ = false;
  resume();
}

// Outside of curl's callbacks only. It may bring what it has kept back right here.
void StreamedTransfer::resume() noexcept {
  const int paused = (receiving_paused_ ? CURLPAUSE_RECV : 0) | (sending_paused_ ? CURLPAUSE_SEND : 0);
  if (const CURLcode result = curl_easy_pause(easy(), paused); result != CURLE_OK) end(result);
}

void StreamedTransfer::on_head() {
  const int code = status();
  if (code < 200) return;
  if (follows_redirects_ && code >= 300 && code < 400 && response_.header("location")) return;
  response_.status = code;
  has_head_ = true;
  if (has_source_) look_for_the_end_of(code);
  news_.set();
}

void StreamedTransfer::look_for_the_end_of(int status) {
  if (const auto coding = response_.header("transfer-encoding"); coding && equal_ignoring_case(*coding, "chunked")) {
    chunks_.emplace();
  } else if (const auto length = response_.header("content-length")) {
    std::uint64_t left = 0;
    if (std::from_chars(length->data(), length->data() + length->size(), left).ec == std::errc()) answer_left_ = left;
  }
  answer_is_whole_ = !may_have_body(status) || answer_left_ == std::uint64_t{0};
}

std::size_t StreamedTransfer::on_body(std::string_view part) {
  if (!window_.empty() && window_.size() + part.size() > window_bytes) {
    receiving_paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  if (chunks_) {
    for (std::string_view rest = part; !rest.empty() && !chunks_->is_done();) {
      const ChunkedDecoder::Step step = chunks_->next(rest);
      if (step.status == ChunkedDecoder::Status::refused) return CURL_WRITEFUNC_ERROR;
      window_.append(step.data);
      rest.remove_prefix(step.consumed);
    }
    answer_is_whole_ = chunks_->is_done();
  } else {
    window_.append(part);
    if (answer_left_) *answer_left_ -= std::min<std::uint64_t>(*answer_left_, part.size());
    answer_is_whole_ = answer_left_ == std::uint64_t{0};
  }
  news_.set();
  return part.size();
}

void StreamedTransfer::end(CURLcode result) noexcept {
  if (has_ended()) return;
  ended_with(result);
  drop();
  news_.set();
}

void StreamedTransfer::finished(CURLcode result) noexcept {
  if (result == CURLE_OK && !has_head_) {  // what looked like a redirect led nowhere
    response_.status = status();
    has_head_ = true;
  }
  end(result);
}

void StreamedTransfer::close() noexcept {
  closed_ = true;
  end(CURLE_ABORTED_BY_CALLBACK);
}

std::int64_t StreamedTransfer::bytes_moved() const noexcept {
  curl_off_t sent = 0, received = 0;
  curl_easy_getinfo(easy(), CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo(easy(), CURLINFO_SIZE_DOWNLOAD_T, &received);
  return sent + received;
}

// It is the server's silence that is counted: not while it waits for us, which it does no more once it has refused.
Task<> StreamedTransfer::wait_for_news() {
  const auto patience = std::max(request_.timeout, std::chrono::milliseconds(1));
  const auto look_after = std::max(patience / looks_for_silence, std::chrono::milliseconds(1));
  const std::int64_t before = bytes_moved();
  const TimerWheel& timers = Loop::current().timers();
  const auto began = timers.now();
  news_.reset();
  const bool came = co_await news_.wait_for(std::min(look_after, patience - silence_));
  if (has_ended()) co_return;
  const bool is_our_turn = sending_paused_ && (!has_head_ || response_.status < 300);
  const bool is_silent = !came && !is_our_turn && bytes_moved() == before;
  silence_ = is_silent ? silence_ + (timers.now() - began) : std::chrono::milliseconds(0);
  if (silence_ >= patience) end(CURLE_OPERATION_TIMEDOUT);
}

void StreamedTransfer::rethrow_what_was_thrown() const {
  if (thrown_) std::rethrow_exception(thrown_);
  if (closed_) throw boost::system::system_error(boost::asio::error::operation_aborted);
}

Task<std::optional<Error>> StreamedTransfer::head(std::shared_ptr<StreamedTransfer> self) {
  while (!self->has_head_ && !self->has_ended()) co_await self->wait_for_news();
  if (self->has_head_) co_return std::nullopt;
  self->rethrow_what_was_thrown();
  co_return self->failure();
}

Task<Expected<std::string>> StreamedTransfer::read(std::shared_ptr<StreamedTransfer> self) {
  while (self->window_.empty() && self->may_read_on()) co_await self->wait_for_news();
  if (!self->window_.empty()) {
    std::string part = std::exchange(self->window_, {});
    if (std::exchange(self->receiving_paused_, false) && !self->has_ended()) self->resume();
    co_return part;
  }
  if (!self->is_last_part_) self->end(CURLE_OK);  // else curl ends it, and keeps the connection
  while (!self->has_ended()) co_await self->wait_for_news();
  self->rethrow_what_was_thrown();
  if (self->answer_is_whole_) co_return std::string();  // how the rest of our own body fared does not matter any more
  if (auto why = self->failure()) co_return std::unexpected(*std::move(why));
  co_return std::string();
}

OpenStream::OpenStream(std::shared_ptr<const void> of, std::shared_ptr<StreamedTransfer> opened)
    : client(std::move(of)), transfer(std::move(opened)), home(Loop::current().handle()) {}

OpenStream::~OpenStream() { transfer->close(); }

Task<Expected<ResponseStream>> OpenStream::open(std::shared_ptr<const void> client, ClientLoop& loop,
                                                const ClientOptions& options, ClientRequest request) {
  auto transfer = std::make_shared<StreamedTransfer>(loop, options, std::move(request), nullptr);
  auto open = std::make_unique<OpenStream>(std::move(client), transfer);
  auto failure = co_await StreamedTransfer::head(transfer);
  if (failure) co_return std::unexpected(*std::move(failure));
  co_return ResponseStream(std::move(open));
}

namespace {

Task<Expected<void>> read_answer(ResponseStream& stream, std::shared_ptr<StreamedTransfer> transfer,
                                 Client::Reader& read) {
  auto failure = co_await StreamedTransfer::head(std::move(transfer));
  if (failure) co_return std::unexpected(*std::move(failure));
  co_await read(stream);
  co_return Expected<void>();
}

}  // namespace

Task<Expected<void>> OpenStream::exchange(std::shared_ptr<const void> client, ClientLoop& loop,
                                          const ClientOptions& options, ClientRequest request, BodySource source,
                                          Client::Reader read) {
  auto transfer = std::make_shared<StreamedTransfer>(loop, options, std::move(request), &source);
  ResponseStream stream(std::make_unique<OpenStream>(std::move(client), transfer));
  // The reader is the first to end: feeding goes on until it is cancelled.
  auto first = co_await when_any(read_answer(stream, transfer, read), StreamedTransfer::feed(transfer, source));
  co_return std::get<0>(std::move(first));
}

}  // namespace bailey::http::detail
