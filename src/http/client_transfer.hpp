#pragma once

#include "http/client_loop.hpp"

#include <optional>

namespace bailey::http::detail {

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

// One request under way. Lives in the frame of the coroutine that awaits it, so does not move; destroying it drops the
// transfer.
class ClientTransfer final : private TransferOwner {
 public:
  // `request` and `options` outlive it.
  ClientTransfer(ClientLoop& loop, const ClientOptions& options, const ClientRequest& request);
  ~ClientTransfer();
  ClientTransfer(const ClientTransfer&) = delete;
  ClientTransfer& operator=(const ClientTransfer&) = delete;

  // Expires at the request's timeout, and is cancelled when the transfer has ended.
  [[nodiscard]] LoopTimer& ended() noexcept { return ended_; }
  [[nodiscard]] bool is_finished() const noexcept { return result_.has_value(); }

  // After it has finished; once.
  [[nodiscard]] Expected<ClientResponse> outcome();

 private:
  void finished(CURLcode result) noexcept override;
  void set_up(const ClientOptions& options, const ClientRequest& request);
  void set_body(const ClientRequest& request);
  void add_header(const std::string& line);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  ClientLoop& loop_;
  EasyHandle easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  LoopTimer ended_;
  ClientResponse response_;
  std::size_t body_limit_bytes_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  bool is_added_ = false;
  std::optional<CURLcode> result_;
};

}  // namespace bailey::http::detail
