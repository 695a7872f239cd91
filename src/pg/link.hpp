#pragma once

#include "pg/libpq.hpp"
#include "pg/receive_meter.hpp"

#include <bailey/base/secret.hpp>
#include <bailey/runtime/loop.hpp>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace bailey::pg::detail {

class BackgroundThreads;

struct LinkOptions {
  Secret connection_string;
  std::string application_name;
  std::string replication;                      // "database", "true": a walsender answers; empty: a backend
  std::chrono::milliseconds connect_timeout{};  // until the server takes commands
};

// A connection of libpq on one loop, below any protocol: it connects, tells of input, writes what is left to write,
// asks for cancellation, closes. Nothing of it blocks the loop. What is said over it is its user's: the pipeline of a
// Connection, COPY, a stream of replication.
//
// Kept alive by its user and by what waits on its socket. The loop's thread only.
class Link final : public std::enable_shared_from_this<Link> {
 public:
  // Told by the loop, never inside a call to the link. After `close` nothing more is told.
  class User {
   public:
    virtual void on_open() = 0;
    // It cannot be had; `reason` is fit for a log. It is to be closed.
    virtual void on_failed(std::string_view reason) = 0;
    // libpq has taken in what has come. If not `alive`, nothing more will: the link is to be closed once what is there
    // has been looked at.
    virtual void on_input(bool alive) = 0;

   protected:
    ~User() = default;
  };

  // The loop and the threads outlive the link's use, the user outlives it or closes it.
  Link(Loop& loop, BackgroundThreads& connecting, User& user);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void open(LinkOptions options);  // once
  void close();                    // what libpq holds of the connection is freed

  // Of libpq, for what its user says; non-blocking. Null before it is open, and once it is closed.
  [[nodiscard]] PGconn* get() const noexcept { return is_open_ ? connection_.get() : nullptr; }
  // Digits, or nothing.
  [[nodiscard]] std::string_view port() const noexcept;

  // Writes what libpq has not written yet, waiting for room in the socket as long as needed; input is told of
  // meanwhile.
  void flush();
  // The same at the end of the loop's turn, so that several senders share one write.
  void flush_later();

  // Takes nothing in until `resume_reading`: the server waits once the sockets' buffers are full. While open only.
  void pause_reading() noexcept { paused_ = true; }
  void resume_reading();

  // Asks the server to cancel what it runs, and says when it has been asked; never after `close`. False: it cannot.
  [[nodiscard]] bool request_cancel(BackgroundThreads& threads, std::move_only_function<void()> asked);

  // Counts what comes, around each taking in of input. Stopped at first.
  [[nodiscard]] ReceiveMeter& meter() noexcept { return meter_; }
  void start_meter() noexcept { meter_.start(socket_.native_handle()); }

 private:
  using Socket = boost::asio::posix::basic_stream_descriptor<LoopExecutor>;

  void started(ConnectionPtr connection);
  void poll();
  void polled(PostgresPollingStatusType status);
  void opened();
  void fail(std::string_view reason);
  void wait_readable();
  void release_socket() noexcept;

  Loop& loop_;
  BackgroundThreads& connecting_;
  User* user_;       // nullptr: closed
  LoopHandle home_;  // the way back from other threads
  Socket socket_;    // a descriptor of the link's own for libpq's socket
  ConnectionPtr connection_;
  TimerWheel::Entry connect_timeout_;
  ReceiveMeter meter_;
  bool is_open_ = false;
  bool has_more_hosts_ = false;
  bool paused_ = false;
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  bool flush_posted_ = false;
};

}  // namespace bailey::pg::detail
