#pragma once

#include <bailey/http/client.hpp>
#include <bailey/runtime/loop.hpp>

#include "runtime/loop_timer.hpp"

#include <curl/curl.h>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <memory>
#include <unordered_map>
#include <vector>

namespace bailey::http::detail {

struct FreeEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, FreeEasy>;

// Told once, outside of any curl callback, when its transfer has ended, or that the loop does while it is under way:
// then it removes it.
class TransferOwner {
 public:
  virtual void finished(CURLcode result) noexcept = 0;
  virtual void loop_ends() noexcept = 0;

 protected:
  TransferOwner() = default;
  virtual ~TransferOwner() = default;
  TransferOwner(const TransferOwner&) = delete;
  TransferOwner& operator=(const TransferOwner&) = delete;

 private:
  friend class ClientLoop;
  void unlink() noexcept;

  TransferOwner* next_ = nullptr;  // in the list of those whose transfers are under way
  TransferOwner** link_ = nullptr;
};

// One curl multi handle on one event loop: curl says which sockets it waits for and for how long, Asio waits, curl
// acts. Belongs to the loop (LoopLocal) and its thread; no transfer on it outlives it.
class ClientLoop {
 public:
  ClientLoop(std::shared_ptr<const ClientOptions> options, LoopExecutor executor);
  ~ClientLoop();
  ClientLoop(const ClientLoop&) = delete;
  ClientLoop& operator=(const ClientLoop&) = delete;

  [[nodiscard]] LoopExecutor executor() const noexcept { return executor_; }

  // Handles are costly to make; those given back are used again. Throws std::bad_alloc.
  [[nodiscard]] EasyHandle take_easy();
  void give_back(EasyHandle easy) noexcept;

  // Begins a transfer; `owner` must live until it is finished or `remove` is called, which does nothing afterwards.
  void add(CURL* easy, TransferOwner& owner);
  void remove(CURL* easy, TransferOwner& owner) noexcept;

 private:
  class Alarm;
  class Watch;
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* watch) noexcept;
  static int on_timer(CURLM* multi, long timeout_ms, void* self) noexcept;

  void watch(curl_socket_t socket, int what);
  void unwatch(curl_socket_t socket) noexcept;
  void act(curl_socket_t socket, int events) noexcept;

  std::shared_ptr<const ClientOptions> options_;
  LoopExecutor executor_;
  std::shared_ptr<Alarm> alarm_;  // shared with the waits under way
  CURLM* multi_;
  TransferOwner* under_way_ = nullptr;
  std::vector<EasyHandle> idle_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;  // shared with the waits under way
};

}  // namespace bailey::http::detail
