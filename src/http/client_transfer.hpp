#pragma once

#include <bailey/runtime/waiter.hpp>

#include "http/client_loop.hpp"

#include <chrono>
#include <optional>

namespace bailey::http::detail {

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

// One request under way. Lives in the frame of the coroutine that awaits it, so does not move; destroying it drops the
// transfer.
class ClientTransfer final : private TransferOwner, private bailey::detail::Waiter {
 public:
  // `request` and `options` outlive it.
  ClientTransfer(ClientLoop& loop, const ClientOptions& options, const ClientRequest& request);
  ~ClientTransfer();
  ClientTransfer(const ClientTransfer&) = delete;
  ClientTransfer& operator=(const ClientTransfer&) = delete;

  // Waits until the transfer has ended or the request's timeout has passed. Throws when the task is cancelled.
  [[nodiscard]] Task<> ended();
  // Afterwards; once.
  [[nodiscard]] Expected<ClientResponse> outcome();

 private:
  void finished(CURLcode result) noexcept override;
  bool withdraw(Reason reason) noexcept override;
  void set_up(const ClientOptions& options, const ClientRequest& request);
  void set_body(const ClientRequest& request);
  void add_header(const std::string& line);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  ClientLoop& loop_;
  EasyHandle easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  ClientResponse response_;
  std::size_t body_limit_bytes_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  bool is_added_ = false;
  std::chrono::milliseconds timeout_;
  std::optional<CURLcode> result_;
  bool cancelled_ = false;
};

}  // namespace bailey::http::detail
