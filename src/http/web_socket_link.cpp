// Two tasks share Beast's stream, which lets one read, one write, one ping and one close be under way at a time. The
// writer alone says goodbye, so nothing follows it; the reader alone finds out that the connection is over, which ends
// whatever else still waits for it. A timeout never closes by itself: it says goodbye, and if that is of no use it
// aborts the wire, so that the reader finds out.
//
// No control callback: with one, Beast 1.81 puts off a close frame that it has read already, and a close of ours that
// has been written by then waits for that read for ever, as that read waits for it.
#include "http/web_socket_link.hpp"

#include <bailey/base/log.hpp>
#include <bailey/base/utf8.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/error.hpp>

#include <algorithm>
#include <utility>

namespace bailey::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr std::uint16_t protocol_error = 1002, no_code = 1005, broke = 1006, bad_payload = 1007, policy = 1008,
                        too_big = 1009, internal_error = 1011, restart = 1012, try_again_later = 1013;
constexpr std::size_t longest_reason = 123;
constexpr std::size_t least_read = 512;  // of a peer that may be silent for hours
constexpr std::size_t most_read = std::size_t{64} * 1024;
// A complete message up to this size waits for a receiver as what lies in the inbox does, at the connection's own cost.
// What is counted with all bodies, a larger one or one that is not complete, has to get on.
constexpr std::size_t own_bytes = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds progress_interval{20'000};
constexpr std::size_t least_progress_bytes = 20 * 240;
constexpr int window_bits = 12;
constexpr std::size_t least_compressed = 256;
constexpr int turns_for_an_answer = 4;  // to wake the handler, to wake the writer, to write
constexpr std::chrono::milliseconds draining_close_timeout{300};
constexpr std::chrono::milliseconds draining_handler_timeout{500};

}  // namespace

WebSocketLink::WebSocketLink(std::shared_ptr<WebSocketState> state, std::shared_ptr<WebSocketConversation> conversation,
                             Loop& loop)
    : state_(std::move(state)),
      conversation_(std::move(conversation)),
      loop_(loop),
      wire_(loop.executor()),
      framing_(wire_),
      progress_due_([this] { on_progress_due(); }),
      timeout_([this] { on_timeout(); }) {
  framing_.read_message_max(state_->options.message_limit_bytes);
  framing_.auto_fragment(false);
}

WebSocketLink::~WebSocketLink() {
  if (connection_ != nullptr) return;
  state_->end({broke, {}});
  conversation_->cancel();
}

// A window smaller than 32 KB can only be asked of a client that says it knows how.
void WebSocketLink::limit_compression(const std::string& offer) {
  const WebSocketCompression compression = state_->options.compression;
  websocket::permessage_deflate options;
  options.server_enable = compression != WebSocketCompression::off;
  options.server_max_window_bits = window_bits;
  options.client_max_window_bits = offer.contains("client_max_window_bits") ? window_bits : 15;
  options.server_no_context_takeover = options.client_no_context_takeover =
      compression == WebSocketCompression::each_message;
  options.memLevel = 4;
  options.compLevel = 3;
  options.msg_size_threshold = least_compressed;
  framing_.set_option(options);
}

void WebSocketLink::answer(const WebSocketHandshake& handshake, Headers& into) {
  limit_compression(handshake.extensions);
  namespace fields = beast::http;
  fields::request<fields::empty_body> request{fields::verb::get, "/", 11};
  request.set(fields::field::host, handshake.host);
  request.set(fields::field::upgrade, "websocket");
  request.set(fields::field::connection, "upgrade");
  request.set(fields::field::sec_websocket_key, handshake.key);
  request.set(fields::field::sec_websocket_version, "13");
  if (!handshake.extensions.empty()) request.set(fields::field::sec_websocket_extensions, handshake.extensions);
  ErrorCode error;
  framing_.accept(request, error);
  if (error) throw Error("bad_request", "The handshake of the WebSocket is malformed", 400);
  const std::string answer = wire_.take_recorded();
  for (const std::string_view name : {"Sec-WebSocket-Accept", "Sec-WebSocket-Extensions"}) {
    std::string start("\r\n");
    start.append(name).append(": ");
    const std::size_t found = answer.find(start);
    if (found == std::string::npos) continue;
    const std::size_t from = found + start.size();
    into.set(name, std::string_view(answer).substr(from, answer.find("\r\n", from) - from));
  }
  if (const std::string protocol = state_->protocol(); !protocol.empty()) into.set("Sec-WebSocket-Protocol", protocol);
}

Task<> WebSocketLink::run(UpgradedConnection& connection) {
  connection_ = &connection;
  wire_.attach(connection);
  conversation_->on_end = [this] { ended(); };
  await(Awaited::sign_of_life, state_->options.ping_interval);
  start(read_messages(), stop_reading_);
  start(write_messages(), stop_writing_);
  watch_for_drain();
  bool was_cut = false;
  try {
    co_await all_ended_.wait();
  } catch (const boost::system::system_error&) {
    was_cut = true;
  }
  if (was_cut) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    state_->end({broke, {}});
    abort();
    conversation_->cancel();
    co_await all_ended_.wait();
  }
  static_cast<void>(connection.hold(0));
}

// What waits as long as the server runs is stopped when all else has ended.
void WebSocketLink::watch_for_drain() {
  is_watching_drain_ = true;
  asio::co_spawn(loop_.executor(), say_goodbye_when_draining(),
                 asio::bind_cancellation_slot(stop_watching_drain_.slot(), [this](const std::exception_ptr&) {
                   is_watching_drain_ = false;
                   ended();
                 }));
  ended();
}

void WebSocketLink::start(Task<> task, asio::cancellation_signal& stop) {
  ++running_;
  auto done = [this](const std::exception_ptr& failure) {
    --running_;
    if (failure) {
      log::error("a WebSocket failed");
      state_->end({internal_error, {}});
      abort();
      is_over_ = true;
      if (!conversation_->has_ended()) await(Awaited::handler, handler_timeout());
    }
    ended();
  };
  asio::co_spawn(loop_.executor(), std::move(task), asio::bind_cancellation_slot(stop.slot(), std::move(done)));
}

// Also what waits within Beast: its read and its close wait for each other for ever where a message turns out to be bad
// while a close of ours waits for the end of that message.
void WebSocketLink::abort() {
  wire_.abort();
  stop_reading_.emit(asio::cancellation_type::terminal);
  stop_writing_.emit(asio::cancellation_type::terminal);
}

// Something has ended. When all has but the watcher, it ends, too; when that has, `run` goes on.
void WebSocketLink::ended() noexcept {
  if (running_ > 0 || !conversation_->has_ended()) return;
  if (is_watching_drain_)
    stop_watching_drain_.emit(asio::cancellation_type::terminal);
  else
    all_ended_.set();
}

Task<> WebSocketLink::read_messages() {
  ErrorCode error;
  for (;;) {
    WebSocketMessage message;
    co_await read_message(message, error);
    if (error) break;
    if (message.data.size() > own_bytes) {
      watch_progress();
    } else {
      loop_.timers().cancel(progress_due_);
      static_cast<void>(connection_->hold(0));
    }
    static_cast<void>(co_await state_->inbox.push(std::move(message)));
    loop_.timers().cancel(progress_due_);
    static_cast<void>(connection_->hold(0));
    // Others first: an answer that is given at once goes out before what follows is looked at, which may be the end.
    for (int turn = 0; turn < turns_for_an_answer; ++turn) co_await asio::post(loop_.executor(), use_task);
  }
  is_over_ = true;
  loop_.timers().cancel(progress_due_);
  state_->end(how_it_ended(error));
  wire_.abort();
  if (!conversation_->has_ended()) await(Awaited::handler, handler_timeout());
}

// Grows with what comes, not with what is announced. After we have said goodbye messages are read away.
Task<> WebSocketLink::read_message(WebSocketMessage& message, ErrorCode& error) {
  std::string& data = message.data;
  std::size_t& size = message_bytes_;
  size = 0;
  do {
    if (!state_->is_open()) size = 0;
    if (data.size() - size < least_read) data.resize(size + std::clamp(size, least_read, most_read));
    if (data.size() > least_read) {
      if (!connection_->hold(data.size())) {
        state_->fail({try_again_later, "The server holds too many messages"});
        size = 0;
      }
      if (!progress_due_.is_armed()) watch_progress();
    }
    is_reading_ = true;
    const asio::mutable_buffer room(data.data() + size, data.size() - size);
    size += co_await framing_.async_read_some(room, asio::redirect_error(use_task, error));
    is_reading_ = false;
  } while (!error && !framing_.is_message_done());
  data.resize(size);
  message.is_text = framing_.got_text();
}

Task<> WebSocketLink::write_messages() {
  ErrorCode error;
  while (!error) {
    const std::optional<WebSocketMessage> message = co_await state_->outbox.pop();
    if (!message) break;
    framing_.text(message->is_text);
    co_await framing_.async_write(asio::buffer(message->data), asio::redirect_error(use_task, error));
  }
  const std::optional<WebSocketClosed> closed = state_->closed();
  if (error || !closed) {
    wire_.abort();
    co_return;
  }
  if (is_over_) co_return;
  await(Awaited::goodbye, goodbye_timeout());
  const std::string_view reason = detail::utf8_prefix(closed->reason, longest_reason);
  const websocket::close_reason goodbye(static_cast<websocket::close_code>(closed->code),
                                        beast::string_view(reason.data(), reason.size()));
  co_await framing_.async_close(goodbye, asio::redirect_error(use_task, error));
  wire_.abort();
}

Task<> WebSocketLink::say_goodbye_when_draining() {
  const Event draining = connection_->draining();
  co_await draining.wait();
  state_->close({restart, "The server restarts"});
  if (!is_over_)
    await(Awaited::goodbye, goodbye_timeout());
  else if (!conversation_->has_ended())
    await(Awaited::handler, handler_timeout());
}

// A server that goes waits for nobody for long.
std::chrono::milliseconds WebSocketLink::goodbye_timeout() const {
  const std::chrono::milliseconds usual = state_->options.close_timeout;
  return connection_->draining().is_set() ? std::min(usual, draining_close_timeout) : usual;
}

// Nor for a handler that sleeps, such as one that sends something every minute.
std::chrono::milliseconds WebSocketLink::handler_timeout() const {
  const std::chrono::milliseconds usual = state_->options.handler_timeout;
  return connection_->draining().is_set() ? std::min(usual, draining_handler_timeout) : usual;
}

WebSocketClosed WebSocketLink::how_it_ended(ErrorCode error) const {
  if (error == websocket::error::closed) {
    const websocket::close_reason& said = framing_.reason();
    if (said.code == websocket::close_code::none) return {no_code, {}};
    return {said.code, std::string(said.reason.data(), said.reason.size())};
  }
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) return {too_big, {}};
  if (error == websocket::error::bad_frame_payload) return {bad_payload, {}};
  if (error == websocket::condition::protocol_violation) return {protocol_error, {}};
  return {broke, {}};
}

void WebSocketLink::await(Awaited what, std::chrono::milliseconds timeout) {
  awaited_ = what;
  if (timeout.count() > 0)
    loop_.timers().arm(timeout_, timeout);
  else
    loop_.timers().cancel(timeout_);
}

void WebSocketLink::on_timeout() {
  const WebSocketOptions& options = state_->options;
  switch (std::exchange(awaited_, Awaited::nothing)) {
    case Awaited::nothing: return;
    case Awaited::sign_of_life:
      // What it has sent may lie unread, for want of a receiver: no reason to blame it.
      if (wire_.take_heard() || !is_reading_) return await(Awaited::sign_of_life, options.ping_interval);
      ping();
      return await(Awaited::pong, options.pong_timeout);
    case Awaited::pong:
      if (wire_.take_heard() || !is_reading_) return await(Awaited::sign_of_life, options.ping_interval);
      state_->fail({internal_error, "No answer to a ping"});
      return await(Awaited::goodbye, options.close_timeout);
    case Awaited::goodbye: return abort();
    case Awaited::handler: return conversation_->cancel();
  }
}

void WebSocketLink::watch_progress() {
  bytes_before_ = message_bytes_;
  received_before_ = state_->inbox.taken();
  loop_.timers().arm(progress_due_, progress_interval);
}

// Pings do not see to that: a peer may answer them and send nothing else, and none is sent while nobody receives.
void WebSocketLink::on_progress_due() {
  if (!state_->is_open()) return;
  const bool gets_on =
      is_reading_ ? message_bytes_ >= bytes_before_ + least_progress_bytes : state_->inbox.taken() != received_before_;
  if (gets_on) return watch_progress();
  state_->fail(is_reading_ ? WebSocketClosed{policy, "The message comes too slowly"}
                           : WebSocketClosed{try_again_later, "Nobody receives what you send"});
  await(Awaited::goodbye, goodbye_timeout());
}

void WebSocketLink::ping() {
  if (is_pinging_) return;  // the last one waits for its turn to be written still
  is_pinging_ = true;
  ++running_;
  framing_.async_ping({}, [this](ErrorCode) {
    is_pinging_ = false;
    --running_;
    ended();
  });
}

}  // namespace bailey::http
