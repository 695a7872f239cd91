#include "http/connection.hpp"

#include "http/field_list.hpp"
#include "http/substitute.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/status.hpp>

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace bailey::http {

namespace {

namespace asio = boost::asio;

constexpr std::size_t appended_body_bytes =
    16 * 1024;                                     // copying so little costs less than a second buffer in the write
constexpr std::size_t gathered_bytes = 64 * 1024;  // a stranger's pipeline must not make us hold all its answers
constexpr std::size_t least_room = 1024;

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
      held_(worker_->config().bodies),
      life_(worker_->options()),
      over_limit_(over_limit),
      peer_(peer),
      timeout_([this] { obey(life_.expire()); }),
      write_timeout_([this] { on_write_timeout(); }) {
  worker_->add(*this);
  workspace_ = worker_->take_workspace();
  if (worker_->is_draining()) life_.hurry(now());
}

ConnectionBase::~ConnectionBase() {
  if (workspace_) worker_->give_back(std::move(workspace_));
  worker_->remove(*this);
}

void ConnectionBase::go_back_to(Phase before) noexcept {
  if (before == Phase::pending || before == Phase::streaming)
    arm(life_.await_handler(before, now()));
  else
    life_.handle();
}

void ConnectionBase::enter_writing() noexcept {
  worker_->loop().timers().arm(write_timeout_, life_.await_writing(now(), count_unacknowledged()));
}

void ConnectionBase::leave_writing() noexcept {
  worker_->loop().timers().cancel(write_timeout_);
  life_.end_writing();
}

void ConnectionBase::on_write_timeout() noexcept {
  const ConnectionLife::Order order = life_.expire_writing(count_unacknowledged(), now());
  if (order.again.count() > 0) worker_->loop().timers().arm(write_timeout_, order.again);
  if (order.what == ConnectionLife::Order::What::wake) cancel_io();
}

void ConnectionBase::obey(ConnectionLife::Order order) {
  using What = ConnectionLife::Order::What;
  if (order.what == What::look_at_peer) order = life_.saw_peer(look_at_peer(), now());
  if (order.again.count() > 0) arm(order.again);
  switch (order.what) {
    case What::wake: return cancel_io();
    case What::cancel_handler: worker_->counters.cancelled.add(); return cancel_handler();
    case What::answer_for_handler: return abandon_handler(true);
    case What::give_up_handler: return abandon_handler(false);
    default: return;
  }
}

int ConnectionBase::count_unacknowledged() noexcept {
  int count = 0;
  return ::ioctl(socket().native_handle(), SIOCOUTQ, &count) == 0 ? count : 0;
}

ConnectionLife::Peer ConnectionBase::look_at_peer() noexcept {
  pollfd state{socket().native_handle(), POLLRDHUP, 0};
  ::poll(&state, 1, 0);
  if (state.revents & (POLLERR | POLLHUP | POLLNVAL)) return ConnectionLife::Peer::gone;
  return state.revents & POLLRDHUP ? ConnectionLife::Peer::done_sending : ConnectionLife::Peer::there;
}

// The handler keeps its memory, and whatever it has borrowed, until it ends by itself.
void ConnectionBase::abandon_handler(bool has_reader) noexcept {
  try {
    log::warning("a handler goes on though it was cancelled: what it awaits takes no notice",
                 {{"request", to_hex(workspace_->request.id())},
                  {"method", workspace_->request.method_text()},
                  {"path", workspace_->request.raw_path()}});
    if (has_reader) return answer_for_handler();
  } catch (...) {  // no memory for a line, or for an answer
    life_.worsen(Fate::broken);
  }
  shut_down();
}

void ConnectionBase::cancel_io() noexcept {
  boost::system::error_code ignored;
  socket().cancel(ignored);
}

void ConnectionBase::shut_down() noexcept {
  boost::system::error_code ignored;
  socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

// A request that has arrived is in flight, whether we have read it or not, and one of a peer that was there a moment
// ago may be on its way.
void ConnectionBase::drain() noexcept {
  life_.hurry(now());
  switch (life_.phase()) {
    case Phase::handshake: return arm(life_.await_handshake());
    case Phase::parked: return has_arrived() ? void() : cancel_io();
    case Phase::idle: return arm(life_.await_request(now()));
    case Phase::lingering: return arm(life_.await_farewell());
    default: return;
  }
}

bool ConnectionBase::has_arrived() noexcept {
  pollfd state{socket().native_handle(), POLLIN, 0};
  return ::poll(&state, 1, 0) > 0;
}

void ConnectionBase::cut() noexcept {
  const ConnectionLife::Order order = life_.cut();
  if (order.again.count() > 0) arm(order.again);
  if (order.what == ConnectionLife::Order::What::cancel_handler) cancel_handler();
  shut_down();
  cancel_io();
}

std::string ConnectionBase::remote_address() const {
  if (!remote_address_.empty()) return remote_address_;
  asio::ip::address address = peer_.address();
  // A listener on :: is reached by IPv4, too.
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  remote_address_ = address.to_string();
  return remote_address_;
}

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
    if (life_.phase() != Phase::idle) arm(life_.await_request(now()));
    return;
  }
  if (workspace_->free() < least_room) workspace_->make_room(2 * least_room);
  if (life_.phase() != Phase::head) arm(life_.await_head());
}

void ConnectionBase::park() noexcept {
  worker_->give_back(std::move(workspace_));
  arm(life_.park(now()));
}

void ConnectionBase::unpark() {
  workspace_ = worker_->take_workspace();
  life_.handle();
}

void ConnectionBase::expect_home() const {
  if (Loop::current_or_null() != &worker_->loop())
    throw Error("wrong_loop", "A connection is used on the loop that it belongs to", 500);
}

ConnectionBase::Reading::Reading(ConnectionBase& connection) : connection_(connection) {
  connection.expect_home();
  if (std::exchange(connection.is_being_read_, true))
    throw Error("read_in_progress", "Another task is reading from this connection", 500);
}

void ConnectionBase::begin_request() {
  Workspace& workspace = *workspace_;
  life_.begin_request();
  workspace.position += parser_.size();
  body_.begin(workspace.head, workspace);
  whole_body_.reset();
  continue_due_ = workspace.head.expects_continue;
  workspace.body.clear();
  served_ = 0;
  if (!workspace.head.keep_alive) life_.worsen(Fate::closing);
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
    const Error::Answer answer = error.answer();
    const bool fits = answer.status >= 400 && answer.status <= 599;
    const int status = fits ? answer.status : 500;
    const bool shows_message = answer.shows_message && fits;
    if (!shows_message || answer.is_logged) {
      std::string text = error.message();
      if (const std::string& details = error.log_details(); !details.empty())
        text.append(" (").append(details).append(")");
      log::error("handler failed",
                 {{"request", to_hex(workspace_->request.id())}, {"code", error.code()}, {"error", text}});
    }
    return refuse(status, shows_message ? std::string_view(error.message()) : reason_phrase(status),
                  workspace_->request.target());
  } catch (const std::exception& error) {
    log::error("handler failed", {{"request", to_hex(workspace_->request.id())}, {"error", error.what()}});
  } catch (...) {
    log::error("handler failed", {{"request", to_hex(workspace_->request.id())}});
  }
  return refuse(500, "Internal Server Error", workspace_->request.target());
}

Response ConnectionBase::response_to_cancelled() const {
  return refuse(504, "The request took too long", workspace_->request.target());
}

Response ConnectionBase::response_for_handler() {
  if (auto* const substitute = dynamic_cast<Substitute*>(&worker_->config().handler)) {
    Response response = substitute->answer_instead(workspace_->request);
    if (!response.is_stream() && !response.is_upgrade()) return response;
  }
  return response_to_cancelled();
}

Response ConnectionBase::refuse(int status, std::string_view detail, std::string_view target) const {
  Response response = worker_->config().handler.refuse(status, detail, target);
  if (status == 503 && !response.headers.contains("Retry-After")) response.headers.add("Retry-After", "1");
  return response;
}

BodyFraming ConnectionBase::queue(Response& response) {
  const RequestHead& head = workspace_->head;
  if (response.closes_connection() || worker_->is_draining()) life_.worsen(Fate::closing);
  // For HEAD, too: it is told what GET would be.
  if (response.is_stream() && !response.stream_length() && head.version_minor == 0) life_.worsen(Fate::closing);
  const ResponseContext context{.version_minor = head.version_minor,
                                .is_head = head.method == Method::head,
                                .keep_alive = !life_.is_closing(),
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
  life_.worsen(Fate::lingering);
  Response response = refuse(refusal.status, refusal.detail, target_seen(workspace_->pending()));
  write_head(out(), response, {.keep_alive = false, .constant_fields = worker_->constant_fields()});
  out().append(response.body);
}

bool ConnectionBase::may_upgrade_to(std::string_view protocol) const {
  const RequestHead& head = workspace_->head;
  const auto lists = [&](std::string_view field, std::string_view wanted) {
    return std::ranges::any_of(head.fields, [&](const HeaderField& each) {
      return equal_ignoring_case(each.name, field) && has_list_member(each.value, wanted);
    });
  };
  return head.version_minor == 1 && body_.is_complete() && lists("Connection", "upgrade") && lists("Upgrade", protocol);
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
  if (continue_due_ || body_.is_malformed() || too_long || life_.is_closing()) life_.worsen(Fate::lingering);
}

void ConnectionBase::expect_room_for(std::size_t bytes) {
  if (!worker_->config().bodies.has_room_for(bytes)) refuse_body();
}

// The string grows by doubling, or it would be copied for each read, and what it has room for is what it takes.
void ConnectionBase::hold_body(std::size_t bytes, std::size_t most) {
  std::string& body = workspace_->body;
  const std::size_t room = bytes <= body.capacity() ? bytes : std::max(bytes, std::min(2 * body.capacity(), most));
  if (!held_.grow_to(room)) refuse_body();
  if (room > body.capacity()) body.reserve(room);
}

void ConnectionBase::refuse_body() {
  life_.worsen(Fate::lingering);
  worker_->counters.bodies_refused.add();
  throw Error("overloaded", "The server holds too many request bodies", 503);
}

// A stream has begun its answer when it asks for the body: a 100 would stand in its midst. So the peer is not told to
// go on; if it does not wait to be told the stream has the body, but nothing is read behind it.
void ConnectionBase::forgo_continue() noexcept {
  if (!continue_due_ || body_.is_complete()) return;
  continue_due_ = false;
  life_.worsen(Fate::lingering);
}

bool ConnectionBase::must_send() const noexcept { return !large_body_.empty() || out().size() >= gathered_bytes; }

void ConnectionBase::end_request() noexcept {
  Workspace& workspace = *workspace_;
  if (workspace.attachment) workspace.attachment->reset();
  workspace.forget_large_strings();
  held_.give_back();
  if (life_.is_closing() && !workspace.pending().empty()) life_.worsen(Fate::lingering);
}

std::optional<std::string_view> ConnectionBase::take_whole_body() {
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
