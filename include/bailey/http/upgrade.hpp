#pragma once

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::http {

// A connection that has changed to another protocol (RFC 9110 section 7.8): a stream of bytes in both directions. The
// server owns it and gives it to the takeover of Response::upgrade; it is valid until that task ends. The connection is
// then closed, when all that was written has been sent. Use it on its loop alone: elsewhere `read_some` and `write`
// throw Error "wrong_loop".
class UpgradedConnection {
 public:
  // Waits for the next bytes, puts them into `into`, which must live until this returns, and returns how many; 0 when
  // the peer has ended or the connection broke. Bytes that came with the request come first. There is no timeout: set
  // the one of your protocol. Throws Error "read_in_progress" when another task reads already.
  [[nodiscard]] virtual Task<std::size_t> read_some(std::span<char> into) = 0;
  // Sends all of `bytes`, which must live until this returns. When several tasks write, each one's bytes leave as a
  // whole, first come, first served. Throws Error "peer_gone" when the peer has gone or takes nothing for
  // ServerOptions::write_timeout, and when the takeover ends while this waits for others. Cancelled while its own bytes
  // are under way it leaves the connection broken; before, it has written nothing.
  // A text of its own, as `a + b` makes one, is kept until then.
  [[nodiscard]] virtual Task<> write(std::string_view bytes) = 0;
  template <std::same_as<std::string> Text>
  [[nodiscard]] Task<> write(Text&& bytes) {
    return write_kept(*this, std::forward<Text>(bytes));
  }
  // Counts what is kept of the peer's bytes, from now on so much, with the bodies of all requests
  // (ServerOptions::body_memory_limit_bytes). False when there is no room: then what was counted stays.
  [[nodiscard]] virtual bool hold(std::size_t bytes) noexcept = 0;
  // Set when the server drains. End the protocol then: the connection is cut after ServerOptions::shutdown_timeout.
  [[nodiscard]] virtual Event draining() const = 0;
  [[nodiscard]] virtual std::string remote_address() const = 0;  // "192.0.2.7", "2001:db8::7"

  UpgradedConnection(const UpgradedConnection&) = delete;
  UpgradedConnection& operator=(const UpgradedConnection&) = delete;

 protected:
  UpgradedConnection() = default;
  ~UpgradedConnection() = default;

 private:
  static Task<> write_kept(UpgradedConnection& to, std::string text) { co_await to.write(std::string_view(text)); }
};

}  // namespace bailey::http
