#pragma once

#include <bailey/runtime/waiter.hpp>

#include "http/client_transfer.hpp"

#include <chrono>

namespace bailey::http::detail {

// An exchange whose bodies are in memory whole, with one time limit. Lives in the frame of the coroutine that awaits
// it; destroying it drops the transfer.
class WholeTransfer final : private ClientTransfer, private bailey::detail::Waiter {
 public:
  // `request` and `options` outlive it.
  WholeTransfer(ClientLoop& loop, const ClientOptions& options, const ClientRequest& request);

  // Waits until the transfer has ended or the request's timeout has passed. Throws when the task is cancelled.
  [[nodiscard]] Task<> ended();
  // Afterwards; once.
  [[nodiscard]] Expected<ClientResponse> outcome();

 private:
  std::size_t on_body(std::string_view part) override;
  void finished(CURLcode result) noexcept override;
  void loop_ends() noexcept override {}  // the frame it lives in has gone by then
  bool withdraw(Reason reason) noexcept override;

  std::size_t body_limit_bytes_;
  std::chrono::milliseconds timeout_;
  bool cancelled_ = false;
};

}  // namespace bailey::http::detail
