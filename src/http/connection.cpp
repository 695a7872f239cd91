#include "http/connection.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/buffer.hpp>

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace bailey::http {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr TimerWheel::Duration park_after = 500ms;
constexpr TimerWheel::Duration watch_interval = 200ms;
constexpr TimerWheel::Duration cancellation_patience = 1000ms;
constexpr TimerWheel::Duration cancel_again_after = 200ms;
constexpr std::size_t appended_body_bytes =
    16 * 1024;                                     // copying so little costs less than a second buffer in the write
constexpr std::size_t gathered_bytes = 64 * 1024;  // a stranger's pipeline must not make us hold all its answers
constexpr std::size_t least_room = 1024;
constexpr std::int64_t tls_record_bytes = 17 * 1024;  // the longest

HeadLimits limits_of(const ServerOptions& options) {
  return {options.request_line_limit_bytes, options.header_limit_bytes, options.header_count_limit};
}

// The target of a request that could not be read: what stands behind the method, if there is anything.
std::string_view target_seen(std::string_view bytes) {
  if (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
  bytes = bytes.substr(0, bytes.find_first_of("\r\n"));
  const std::size_t space = bytes.find(' ');
  if (space == std::string_view::npos) return {};
  bytes.remove_prefix(space + 1);
  return bytes.substr(0, bytes.find(' '));
}

}  // namespace

ConnectionBase::ConnectionBase(std::shared_ptr<Worker> worker, const asio::ip::tcp::endpoint& peer, bool over_limit)
    : worker_(std::move(worker)),
      parser_(limits_of(worker_->options())),
      over_limit_(over_limit),
      peer_(peer),
      timeout_([this] { on_timeout(); }) {
  worker_->add(*this);
  workspace_ = worker_->take_workspace();
}

ConnectionBase::~ConnectionBase() {
  if (workspace_) worker_->give_back(std::move(workspace_));
  worker_->remove(*this);
}

void ConnectionBase::enter(Phase phase, std::chrono::milliseconds timeout) noexcept {
  phase_ = phase;
  expired_ = false;
  worker_->loop().timers().arm(timeout_, timeout);
}

void ConnectionBase::enter_handling() noexcept {
  phase_ = Phase::handling;
  expired_ = false;
}

void ConnectionBase::enter_waiting(Phase phase) noexcept {
  handler_deadline_ = worker_->loop().timers().now() + worker_->options().handler_timeout;
  enter(phase, std::min(watch_interval, worker_->options().handler_timeout));
}

void ConnectionBase::enter_writing() noexcept {
  unacknowledged_ = count_unacknowledged();
  taken_bytes_ = 0;
  write_began_ = worker_->loop().timers().now();
  enter(Phase::writing, worker_->options().write_timeout);
}

void ConnectionBase::on_timeout() {
  switch (phase_) {
    case Phase::handling: return;
    case Phase::idle: parking_ = true; break;
    case Phase::parked: closing_ = true; break;
    case Phase::pending:
    case Phase::streaming: return watch();
    case Phase::writing:
      if (!expired_ && is_peer_reading())
        return worker_->loop().timers().arm(timeout_, worker_->options().write_timeout);
      expired_ = true;
      break;
    default: expired_ = true; break;
  }
  cancel_io();
  // An operation of TLS that was between two reads of the socket's has not noticed: it is told again.
  worker_->loop().timers().arm(timeout_, cancel_again_after);
}

// The system calls a socket writable only once a good part of its send buffer is free, which may be megabytes. A slow
// reader takes longer for them than the timeout, and is no reason to close as long as it reads; but one that takes a
// byte now and then would hold the answer for as long as it likes. (That the count has grown means that TLS got more of
// a record out; without a reader that ends soon. What it got out stands for as many bytes that were taken.)
bool ConnectionBase::is_peer_reading() noexcept {
  const ServerOptions& options = worker_->options();
  const int before = std::exchange(unacknowledged_, count_unacknowledged());
  if (unacknowledged_ == before) return false;
  taken_bytes_ += before - unacknowledged_;
  const auto beyond = worker_->loop().timers().now() - write_began_ - options.write_timeout;
  const auto wanted = beyond.count() * static_cast<std::int64_t>(options.write_bytes_per_second) / 1000;
  return taken_bytes_ + tls_record_bytes >= wanted;
}

int ConnectionBase::count_unacknowledged() noexcept {
  int count = 0;
  return ::ioctl(socket().native_handle(), SIOCOUTQ, &count) == 0 ? count : 0;
}

// While a handler keeps the peer waiting: is there still anybody to answer? A reset says no. A closed sending side may
// only mean that the request is all (RFC 9112 9.6 lets it), so that is given a while.
void ConnectionBase::watch() {
  TimerWheel& timers = worker_->loop().timers();
  if (handler_cancelled_) return answer_meanwhile();
  pollfd socket_state{socket().native_handle(), POLLRDHUP, 0};
  ::poll(&socket_state, 1, 0);
  if (socket_state.revents & (POLLERR | POLLHUP | POLLNVAL)) {
    peer_gone_ = true;
  } else if (socket_state.revents & POLLRDHUP) {
    if (half_closed_at_ == 0ms) half_closed_at_ = timers.now();
    peer_gone_ = timers.now() - half_closed_at_ >= worker_->options().peer_gone_grace;
  }
  if (peer_gone_ || (phase_ == Phase::pending && timers.now() >= handler_deadline_)) cancel_handler();
  timers.arm(timeout_, handler_cancelled_ ? cancellation_patience : watch_interval);
}

void ConnectionBase::cancel_handler() noexcept {
  handler_cancelled_ = true;
  worker_->counters.cancelled.add();
  cancel_handler_.emit(asio::cancellation_type::terminal);
}

// The handler awaits something that cannot be cancelled. Its frame must be left alone, but the client need not wait for
// it: what the coroutine would have sent is sent from here, and the coroutine will find the connection closed.
void ConnectionBase::answer_meanwhile() noexcept {
  if (answered_meanwhile_) return;
  answered_meanwhile_ = true;
  closing_ = broken_ = true;
  boost::system::error_code ignored;
  if (!is_secure() && !peer_gone_ && phase_ == Phase::pending) {
    Response response = response_to_cancelled();
    std::string text;
    write_head(text, response, {.keep_alive = false, .constant_fields = worker_->constant_fields()});
    text.append(response.body);
    socket().write_some(asio::buffer(text), ignored);
  }
  socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

void ConnectionBase::cancel_io() noexcept {
  boost::system::error_code ignored;
  socket().cancel(ignored);
}

// A request that has arrived is in flight, whether we have read it or not.
void ConnectionBase::drain() noexcept {
  const bool is_between_requests = phase_ == Phase::idle || phase_ == Phase::parked;
  if (phase_ == Phase::handshake || (is_between_requests && !has_arrived())) cancel_io();
}

bool ConnectionBase::has_arrived() noexcept {
  pollfd state{socket().native_handle(), POLLIN, 0};
  return ::poll(&state, 1, 0) > 0;
}

void ConnectionBase::cut() noexcept {
  closing_ = broken_ = true;
  if (phase_ == Phase::pending || phase_ == Phase::streaming || phase_ == Phase::body) {
    peer_gone_ = true;
    handler_cancelled_ = true;
    cancel_handler_.emit(asio::cancellation_type::terminal);
  }
  boost::system::error_code ignored;
  socket().shutdown(asio::socket_base::shutdown_both, ignored);
  cancel_io();
}

std::string ConnectionBase::remote_address() const { return peer_.address().to_string(); }

HeadParser::Status ConnectionBase::parse_head() {
  const std::string_view pending = workspace_->pending();
  if (pending.empty()) return HeadParser::Status::incomplete;
  const HeadParser::Status status = parser_.parse(pending, workspace_->head);
  if (status != HeadParser::Status::complete) return status;
  const RequestHead& head = workspace_->head;
  const bool body_is_to_come = head.chunked || pending.size() - parser_.size() < head.content_length;
  if (!body_is_to_come || workspace_->free() >= least_room) return status;
  workspace_->make_room(2 * least_room);  // it will be read behind the head, which must hold still then
  return parser_.parse(workspace_->pending(), workspace_->head);
}

void ConnectionBase::prepare_read() {
  if (workspace_->pending().empty()) {
    workspace_->position = workspace_->end = 0;
    if (phase_ != Phase::idle) enter(Phase::idle, std::min(park_after, left_until_request_is_due()));
    return;
  }
  if (workspace_->free() < least_room) workspace_->make_room(2 * least_room);
  if (phase_ != Phase::head) enter(Phase::head, worker_->options().header_timeout);
}

// Counted from when the wait began: a byte of a TLS record that stays unfinished ends no wait.
std::chrono::milliseconds ConnectionBase::left_until_request_is_due() noexcept {
  const ServerOptions& options = worker_->options();
  const auto now = worker_->loop().timers().now();
  if (!request_due_) request_due_ = now + (first_request_ ? options.header_timeout : options.idle_timeout);
  return std::max(*request_due_ - now, 0ms);
}

void ConnectionBase::park() noexcept {
  worker_->give_back(std::move(workspace_));
  parking_ = false;
  enter(Phase::parked, left_until_request_is_due());
}

void ConnectionBase::unpark() {
  workspace_ = worker_->take_workspace();
  enter_handling();
}

void ConnectionBase::begin_request() {
  Workspace& workspace = *workspace_;
  enter_handling();
  first_request_ = false;
  request_due_.reset();
  workspace.position += parser_.size();
  body_.begin(workspace.head, workspace);
  whole_body_.reset();
  continue_due_ = workspace.head.expects_continue;
  workspace.body.clear();
  served_ = 0;
  body_bytes_ = 0;
  body_wait_ = {};
  handler_cancelled_ = false;
  half_closed_at_ = 0ms;
  if (!workspace.head.keep_alive) closing_ = true;
  worker_->counters.requests.add();
  workspace.request.assign(workspace.head, *this, workspace.attachment.get(), worker_->next_request_id());
}

Answer ConnectionBase::ask() {
  try {
    return worker_->config().handler.handle(workspace_->request);
  } catch (...) {
    return response_to(std::current_exception());
  }
}

Response ConnectionBase::response_to(const std::exception_ptr& failure) const {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    const int status = error.http_status();
    if (status >= 400 && status <= 599) return refuse(status, error.message(), workspace_->request.target());
    log::error("handler failed", {{"request", to_hex(workspace_->request.id())}, {"code", error.code()}});
  } catch (const std::exception& error) {
    log::error("handler failed", {{"request", to_hex(workspace_->request.id())}, {"error", error.what()}});
  } catch (...) {
    log::error("handler failed", {{"request", to_hex(workspace_->request.id())}});
  }
  return refuse(500, "Internal Server Error", workspace_->request.target());
}

Response ConnectionBase::response_to_cancelled() const {
  return refuse(503, "The request took too long", workspace_->request.target());
}

Response ConnectionBase::refuse(int status, std::string_view detail, std::string_view target) const {
  return worker_->config().handler.refuse(status, detail, target);
}

BodyFraming ConnectionBase::queue(Response& response) {
  const RequestHead& head = workspace_->head;
  if (response.closes_connection() || worker_->is_draining()) closing_ = true;
  if (response.is_stream() && head.version_minor == 0) closing_ = true;  // for HEAD, too: it is told what GET would be
  const ResponseContext context{.version_minor = head.version_minor,
                                .is_head = head.method == Method::head,
                                .keep_alive = !closing_,
                                .constant_fields = worker_->constant_fields()};
  const BodyFraming framing = write_head(out(), response, context);
  if (framing == BodyFraming::length) {
    if (response.body.size() <= appended_body_bytes)
      out().append(response.body);
    else
      large_body_ = std::move(response.body);
  }
  return framing;
}

void ConnectionBase::queue_refusal(const Refusal& refusal) {
  worker_->counters.rejected.add();
  log::debug("request refused", {{"status", refusal.status}, {"reason", refusal.detail}, {"client", remote_address()}});
  closing_ = lingers_ = true;
  Response response = refuse(refusal.status, refusal.detail, target_seen(workspace_->pending()));
  if (refusal.status == 503) response.headers.add("Retry-After", "1");
  write_head(out(), response, {.keep_alive = false, .constant_fields = worker_->constant_fields()});
  out().append(response.body);
}

// A handler may answer without having read the body. The connection can go on only if the rest is worth reading away: a
// peer that waits for 100 (Continue) may never send it, and one that sends without end is not to be waited for.
void ConnectionBase::settle_unread_body() {
  if (body_.is_complete()) return;
  if (!body_.is_malformed()) {
    try {
      while (!body_.take(~std::size_t{0}).empty()) continue;
    } catch (const Error&) {  // malformed: below
    }
    if (body_.is_complete()) return;
  }
  const bool too_long = !body_.is_chunked() && body_.left() > worker_->options().drain_limit_bytes;
  if (continue_due_ || body_.is_malformed() || too_long) closing_ = lingers_ = true;
  if (closing_) lingers_ = true;
}

// A stream has begun its answer when it asks for the body: a 100 would stand in its midst. So the peer is not told to
// go on; if it does not wait to be told the stream has the body, but nothing is read behind it.
void ConnectionBase::forgo_continue() noexcept {
  if (!continue_due_ || body_.is_complete()) return;
  continue_due_ = false;
  closing_ = lingers_ = true;
}

// One byte every few seconds never stalls, and would hold a connection for as long as it likes. Only the time spent
// waiting for the peer counts, and the first stretch is free.
bool ConnectionBase::trickles(std::size_t count, TimerWheel::Duration waited) noexcept {
  const ServerOptions& options = worker_->options();
  body_bytes_ += count;
  body_wait_ += waited;
  if (body_wait_ <= options.body_stall_timeout) return false;
  const auto beyond = static_cast<std::uint64_t>((body_wait_ - options.body_stall_timeout).count());
  return body_bytes_ < beyond * options.body_bytes_per_second / 1000;
}

bool ConnectionBase::must_send() const noexcept { return !large_body_.empty() || out().size() >= gathered_bytes; }

void ConnectionBase::end_request() noexcept {
  Workspace& workspace = *workspace_;
  if (workspace.attachment) workspace.attachment->reset();
  workspace.forget_large_strings();
  if (closing_ && !workspace.pending().empty()) lingers_ = true;
}

std::optional<std::string_view> ConnectionBase::body_now() {
  if (whole_body_) return whole_body_;
  if (served_ != 0) return std::nullopt;
  Workspace& workspace = *workspace_;
  const std::size_t limit = worker_->options().body_limit_bytes;
  if (!body_.is_chunked()) {
    if (body_.left() > workspace.pending().size() || body_.left() > limit) return std::nullopt;
    whole_body_ = body_.take(limit);
    return whole_body_;
  }
  if (workspace.pending().size() > limit) return std::nullopt;
  for (std::string_view run = body_.take(limit); !run.empty(); run = body_.take(limit)) workspace.body.append(run);
  if (body_.is_complete()) whole_body_ = workspace.body;
  return whole_body_;
}

}  // namespace bailey::http
