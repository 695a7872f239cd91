#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/request.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::http::test {

// A request whose body comes in pieces of so many bytes, each after a wait, and may break off.
class PiecesRequest final : private RequestSource {
 public:
  PiecesRequest(std::string content_type, std::string body, std::size_t piece_bytes)
      : content_type_(std::move(content_type)), body_(std::move(body)), piece_bytes_(piece_bytes) {
    head_.chunked = true;
    head_.fields = {{"Content-Type", content_type_}};
    request_.assign(head_, *this, nullptr, 1);
  }

  [[nodiscard]] Request& request() noexcept { return request_; }
  // Ends the connection before this byte.
  void break_off_at(std::size_t byte) { end_ = byte; }
  // Does not go on from this read, counted from 1.
  void stall_at(std::size_t read) { stalled_read_ = read; }
  [[nodiscard]] Event stalled() const { return stalled_; }  // set when it has come to that read
  [[nodiscard]] std::size_t reads() const noexcept { return reads_; }

 private:
  std::optional<std::string_view> body_now() override { return std::nullopt; }
  Task<std::string_view> body(std::size_t limit_bytes) override {
    if (body_.size() > limit_bytes) throw Error("payload_too_large", "The request body is too large", 413);
    co_return body_;
  }
  Task<std::size_t> read_some(std::span<char> into) override {
    ++reads_;
    if (reads_ == stalled_read_) {
      stalled_.set();
      co_await sleep_for(std::chrono::hours(1));
    }
    co_await sleep_for(std::chrono::milliseconds(0));
    if (at_ >= end_) throw Error("bad_request", "The request ended before its body did", 400);
    const std::size_t most = std::min({into.size(), piece_bytes_, end_ - at_});
    const std::size_t count = body_.copy(into.data(), most, at_);
    at_ += count;
    co_return count;
  }
  std::string remote_address() const override { return "127.0.0.1"; }
  bool peer_gone() const noexcept override { return false; }
  bool is_secure() const noexcept override { return false; }
  void limit_handler(std::chrono::milliseconds) noexcept override {}

  std::string content_type_, body_;
  std::size_t piece_bytes_;
  std::size_t end_ = ~std::size_t{0};
  std::size_t at_ = 0, reads_ = 0, stalled_read_ = 0;
  Event stalled_;
  RequestHead head_;
  Request request_;
};

}  // namespace bailey::http::test
