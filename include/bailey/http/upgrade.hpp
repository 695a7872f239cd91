#pragma once

#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace bailey::http {

// A connection that has changed to another protocol (RFC 9110 section 7.8): what was HTTP is a stream of bytes both
// ways. It lives as long as the task that was given it; when that ends the connection is closed, after what was written
// is sent. On the connection's loop; one read and one write at a time.
class UpgradedConnection {
 public:
  // The next bytes, those first that came together with the request; 0 at the end, or when the connection broke. It
  // waits without a timeout: a protocol has its own.
  [[nodiscard]] virtual Task<std::size_t> read_some(std::span<char> into) = 0;
  // Sends all of `bytes`, which must live until it returns. Throws Error "peer_gone" when the peer is, or takes none
  // for ServerOptions::write_timeout.
  [[nodiscard]] virtual Task<> write(std::string_view bytes) = 0;
  // Set when the server drains: time to say goodbye, for what is still open after ServerOptions::shutdown_timeout is
  // cut.
  [[nodiscard]] virtual Event draining() const = 0;
  [[nodiscard]] virtual std::string remote_address() const = 0;  // "192.0.2.7", "2001:db8::7"

  UpgradedConnection(const UpgradedConnection&) = delete;
  UpgradedConnection& operator=(const UpgradedConnection&) = delete;

 protected:
  UpgradedConnection() = default;
  ~UpgradedConnection() = default;
};

}  // namespace bailey::http
