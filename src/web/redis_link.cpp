// Decides what becomes of a connection, when there is another, and who waits for it.
//
// Names are looked up on a thread that nobody waits for.
#include "web/redis_link.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
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

RedisConnection::Endpoint endpoint_of(const std::string& path) {
  try {
    return asio::local::stream_protocol::endpoint(path);
  } catch (const boost::system::system_error& error) {
    throw unavailable(error.what());
  }
}

RedisConnection::Endpoint endpoint_of(const std::string& address, std::uint16_t port) {
  boost::system::error_code failure;
  const asio::ip::address parsed = asio::ip::make_address(address, failure);
  if (failure) throw unavailable("its address is none");
  return asio::ip::tcp::endpoint(parsed, port);
}

}  // namespace

RedisLink::RedisLink(Loop& loop, RedisAddress address, std::chrono::milliseconds timeout)
    : loop_(loop), address_(std::move(address)), timeout_(timeout) {}

RedisLink::~RedisLink() { drop(); }

void RedisLink::drop() noexcept {
  if (const auto connection = std::exchange(connection_, nullptr)) connection->close();
}

void RedisLink::lost(std::string_view fault) {
  connection_.reset();
  if (state_ != State::ready) return;  // who connects finds out
  if (!fault.empty()) return fail(fault);
  state_ = State::idle;  // Redis was stopped, or had nothing to do for long: ask it anew
}

void RedisLink::fail(std::string_view reason) {
  drop();
  state_ = State::idle;
  if (failures_ == 0) log::warning("redis is not available", {{"reason", reason}});
  const auto doublings = std::min(failures_++, 6U);
  retry_at_ = std::chrono::steady_clock::now() + std::min(first_retry * (1U << doublings), last_retry);
  settled_.set();
}

void RedisLink::succeeded() {
  if (std::exchange(failures_, 0U) > 0) log::info("redis is available again");
}

Task<RedisReply> RedisLink::ask(std::shared_ptr<RedisLink> link, std::vector<std::string> command) {
  const auto begun = std::chrono::steady_clock::now();
  co_await link->be_ready();
  const auto waited = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  const std::shared_ptr<RedisConnection> connection = link->connection_;
  const auto patience = std::max<std::chrono::milliseconds>(link->timeout_ - waited, 1ms);
  std::optional<RedisReply> reply = co_await link->exchange(std::move(command), patience);
  if (reply && !reply->is_error) {
    if (link->connection_ == connection) link->succeeded();
    co_return *std::move(reply);
  }
  const std::string trouble = reply ? reply->text : "it does not answer";
  if (link->connection_ == connection) link->fail(trouble);  // else another has found out before
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
  link->settled_.set();
}

// Redis takes commands when it has answered one.
Task<> RedisLink::open() {
  RedisConnection::Endpoint endpoint;
  if (address_.port == 0) {
    endpoint = endpoint_of(address_.host);
  } else {
    const std::string address = co_await find_address();
    endpoint = endpoint_of(address, address_.port);
  }
  connection_ = std::make_shared<RedisConnection>(loop_, [this](std::string_view fault) { lost(fault); });
  connection_->connect(endpoint);
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
  if (!connection_) throw unavailable("the connection was lost");
  const std::shared_ptr<RedisConnection::Exchange> exchange = connection_->send(command);
  const bool is_done = co_await exchange->done.wait_for(patience);
  if (is_done && !exchange->reply) throw unavailable("the connection was lost");
  co_return std::move(exchange->reply);
}

}  // namespace bailey::web_detail
