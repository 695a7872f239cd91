#pragma once

#include "http/client_loop.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::http::detail {

[[nodiscard]] Error too_large();  // "response_too_large"

// One exchange with a server, as curl is told of it: what is sent, and the answer's head. What becomes of the bodies is
// for the two kinds there are: WholeTransfer gathers the answer's, StreamedTransfer hands both on as they come. On one
// loop.
class ClientTransfer : protected TransferOwner {
 public:
  ClientTransfer(const ClientTransfer&) = delete;
  ClientTransfer& operator=(const ClientTransfer&) = delete;

 protected:
  explicit ClientTransfer(ClientLoop& loop);
  ~ClientTransfer() override { drop(); }

  // Says all of the request but its body. `request` must stay until the transfer has ended.
  void set_up(const ClientOptions& options, const ClientRequest& request);
  void set_whole_body(const ClientRequest& request);
  void begin() { loop_.add(easy_.get(), *this); }
  // Ends it if it is under way. From then on the loop is not used any more, so it may end first.
  void drop() noexcept;

  // The head of the answer is complete; of each, where a redirect is followed or a 1xx comes before it.
  virtual void on_head() {}
  // A part of the answer's body: how much of it is taken, or one of curl's codes. What it throws ends the transfer.
  virtual std::size_t on_body(std::string_view part) = 0;
  // Remembers the end for `failure`.
  void ended_with(CURLcode result) noexcept;

  [[nodiscard]] bool has_ended() const noexcept { return result_.has_value(); }
  [[nodiscard]] std::optional<Error> failure() const;  // once it has ended
  [[nodiscard]] int status() const noexcept;
  [[nodiscard]] CURL* easy() const noexcept { return easy_.get(); }

  ClientResponse response_;
  bool too_large_ = false;

 private:
  void add_header(const std::string& line);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  ClientLoop& loop_;
  EasyHandle easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::size_t header_bytes_ = 0;
  bool is_in_head_ = false;
  std::optional<CURLcode> result_;
};

}  // namespace bailey::http::detail
