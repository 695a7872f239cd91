// hiredis speaks the protocol and owns the socket; this waits for it, and decides what becomes of a connection. Every
// way in which one ends goes through the hook `cleanup`, which is called before the socket is closed: it gives the
// socket back, as Asio must not watch it any more, and tells the link.
//
// Names are looked up on a thread that nobody waits for; hiredis would do it on ours.
#include "web/redis_link.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <hiredis/async.h>
#include <hiredis/hiredis.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>

namespace bailey::web_detail {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_retry = 100ms;
constexpr std::chrono::milliseconds last_retry = 5000ms;

Error unavailable(std::string_view why) { return {"redis_unavailable", "Redis: " + std::string(why), 503}; }

RedisReply copy_of(const redisReply& from) {
  RedisReply reply;
  reply.is_error = from.type == REDIS_REPLY_ERROR;
  if (from.str != nullptr) reply.text.assign(from.str, static_cast<std::size_t>(from.len));
  for (std::size_t i = 0; i < static_cast<std::size_t>(from.elements); ++i)
    if (from.element[i]->type == REDIS_REPLY_INTEGER) reply.numbers.push_back(from.element[i]->integer);
  return reply;
}

// The first address of a name, as text; empty: none.
std::string look_up(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int failed =
      ::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return failed == 0 ? text.data() : std::string();
}

bool is_address(const std::string& text) {
  std::array<char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace

// Waits for hiredis's socket. What it may still do when its connection has gone, it does for nothing.
class RedisSocket : public std::enable_shared_from_this<RedisSocket> {
 public:
  RedisSocket(Loop& loop, redisAsyncContext& context, std::function<void()> on_lost)
      : descriptor_(loop.executor(), context.c.fd), context_(&context), on_lost_(std::move(on_lost)) {
    context.ev.data = this;
    context.ev.addRead = [](void* data) { static_cast<RedisSocket*>(data)->want(reading); };
    context.ev.delRead = [](void* data) { static_cast<RedisSocket*>(data)->wanted_[reading] = false; };
    context.ev.addWrite = [](void* data) { static_cast<RedisSocket*>(data)->want(writing); };
    context.ev.delWrite = [](void* data) { static_cast<RedisSocket*>(data)->wanted_[writing] = false; };
    context.ev.cleanup = [](void* data) { static_cast<RedisSocket*>(data)->let_go(); };
  }

 private:
  enum Direction : std::size_t { reading, writing };

  void want(Direction direction) {
    wanted_[direction] = true;
    if (context_ != nullptr && !waits_[direction]) wait(direction);
  }
  void wait(Direction direction) {
    waits_[direction] = true;
    descriptor_.async_wait(
        direction == reading ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write,
        [self = shared_from_this(), direction](const boost::system::error_code& error) {
          self->waits_[direction] = false;
          if (!error) self->ready(direction);
        });
  }
  void ready(Direction direction) {
    if (context_ == nullptr || !wanted_[direction]) return;
    if (direction == reading)
      redisAsyncHandleRead(context_);
    else
      redisAsyncHandleWrite(context_);
    if (context_ != nullptr && wanted_[direction] && !waits_[direction]) wait(direction);
  }
  void let_go() {
    context_ = nullptr;
    static_cast<void>(descriptor_.release());
    if (on_lost_) on_lost_();
  }

  asio::posix::basic_stream_descriptor<LoopExecutor> descriptor_;
  redisAsyncContext* context_;
  std::function<void()> on_lost_;
  std::array<bool, 2> wanted_{};
  std::array<bool, 2> waits_{};
};

// A command under way. hiredis calls back once, whatever happens: without a reply when there will be none.
struct RedisLink::Exchange {
  Event done;
  std::optional<RedisReply> reply;

  static void ended(redisAsyncContext*, void* reply, void* data) {
    const std::unique_ptr<std::shared_ptr<Exchange>> kept(static_cast<std::shared_ptr<Exchange>*>(data));
    if (reply != nullptr) (*kept)->reply = copy_of(*static_cast<redisReply*>(reply));
    (*kept)->done.set();
  }
};

RedisLink::RedisLink(Loop& loop, RedisAddress address, std::chrono::milliseconds timeout)
    : loop_(loop), address_(std::move(address)), timeout_(timeout) {}

RedisLink::~RedisLink() { drop(); }

void RedisLink::drop() noexcept {
  if (redisAsyncContext* const context = std::exchange(context_, nullptr)) redisAsyncFree(context);
  socket_.reset();
}

void RedisLink::lost() noexcept {
  context_ = nullptr;
  if (state_ == State::ready) state_ = State::idle;  // Redis was stopped, or had nothing to do for long: ask it anew
}

void RedisLink::fail(std::string_view reason) {
  drop();
  state_ = State::idle;
  if (failures_ == 0) log::warning("redis is not available", {{"reason", reason}});
  const auto doublings = std::min(failures_++, 6U);
  retry_at_ = std::chrono::steady_clock::now() + std::min(first_retry * (1U << doublings), last_retry);
  settled_.set();
}

Task<RedisReply> RedisLink::ask(std::shared_ptr<RedisLink> link, std::vector<std::string> command) {
  const auto begun = std::chrono::steady_clock::now();
  co_await link->be_ready();
  const auto waited = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  const std::shared_ptr<RedisSocket> socket = link->socket_;
  const auto patience = std::max<std::chrono::milliseconds>(link->timeout_ - waited, 1ms);
  std::optional<RedisReply> reply = co_await link->exchange(std::move(command), patience);
  std::string trouble;
  if (!reply)
    trouble = "it does not answer";
  else if (reply->is_error)
    trouble = reply->text;
  else
    co_return *std::move(reply);
  if (link->socket_ == socket) link->fail(trouble);  // else another has found out before
  throw unavailable(trouble);
}

Task<> RedisLink::be_ready() {
  if (state_ == State::ready) co_return;
  if (state_ == State::idle) {
    if (std::chrono::steady_clock::now() < retry_at_) throw unavailable("not available");
    state_ = State::connecting;
    settled_ = Event();
    loop_.spawn("redis", connect(shared_from_this()));
  }
  if (failures_ > 0) throw unavailable("not available");
  const Event settled = settled_;
  co_await settled.wait_for(timeout_);
  if (state_ != State::ready) throw unavailable("not available");
}

Task<> RedisLink::connect(std::shared_ptr<RedisLink> link) {
  std::string reason;
  try {
    co_await link->open();
  } catch (const Error& error) {
    reason = error.message();
  } catch (const std::system_error& error) {  // no thread to be had
    reason = error.what();
  }
  if (!reason.empty()) {
    link->fail(reason);
    co_return;
  }
  link->state_ = State::ready;
  if (std::exchange(link->failures_, 0U) > 0) log::info("redis is available again");
  link->settled_.set();
}

// Redis takes commands when it has answered one.
Task<> RedisLink::open() {
  if (address_.port == 0) {
    context_ = redisAsyncConnectUnix(address_.host.c_str());
  } else {
    const std::string address = co_await find_address();
    context_ = redisAsyncConnect(address.c_str(), address_.port);
  }
  if (context_ == nullptr) throw unavailable("no memory");
  if (context_->err != 0) {
    const std::string reason = context_->errstr;
    throw unavailable(reason);
  }
  socket_ = std::make_shared<RedisSocket>(loop_, *context_, [this] { lost(); });
  redisAsyncSetConnectCallback(context_, [](const redisAsyncContext*, int) {});
  std::vector<std::vector<std::string>> greeting;
  if (!address_.password.empty()) {
    std::vector<std::string> login{"AUTH"};
    if (!address_.user.empty()) login.push_back(address_.user);
    login.emplace_back(address_.password.reveal());
    greeting.push_back(std::move(login));
  }
  if (address_.database != 0) greeting.push_back({"SELECT", std::to_string(address_.database)});
  greeting.push_back({"PING"});
  for (std::vector<std::string>& command : greeting) {
    const std::optional<RedisReply> reply = co_await exchange(std::move(command), timeout_);
    if (!reply) throw unavailable("it does not answer");
    if (reply->is_error) throw unavailable(reply->text);
  }
}

Task<std::string> RedisLink::find_address() {
  if (is_address(address_.host)) co_return address_.host;
  if (*looks_up_) throw unavailable("the name server does not answer");
  struct Lookup {
    Event done;
    std::string found;
  };
  const auto lookup = std::make_shared<Lookup>();
  std::thread([name = address_.host, lookup, home = loop_.handle(), busy = looks_up_] {
    std::string found = look_up(name);
    home.post([found = std::move(found), lookup, busy] {
      *busy = false;
      lookup->found = found;
      lookup->done.set();
    });
  }).detach();
  *looks_up_ = true;
  const bool is_done = co_await lookup->done.wait_for(timeout_);
  if (!is_done) throw unavailable("the name server does not answer");
  if (lookup->found.empty()) throw unavailable("its name is not known");
  co_return lookup->found;
}

Task<std::optional<RedisReply>> RedisLink::exchange(std::vector<std::string> command,
                                                    std::chrono::milliseconds patience) {
  if (context_ == nullptr) throw unavailable("the connection was lost");
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& part : command) {
    texts.push_back(part.data());
    sizes.push_back(part.size());
  }
  const auto exchange = std::make_shared<Exchange>();
  auto kept = std::make_unique<std::shared_ptr<Exchange>>(exchange);
  const int sent = redisAsyncCommandArgv(context_, Exchange::ended, kept.get(), static_cast<int>(texts.size()),
                                         texts.data(), sizes.data());
  if (sent != REDIS_OK) throw unavailable("the connection was lost");
  static_cast<void>(kept.release());
  const bool is_done = co_await exchange->done.wait_for(patience);
  if (is_done && !exchange->reply) throw unavailable("the connection was lost");
  co_return std::move(exchange->reply);
}

}  // namespace bailey::web_detail
