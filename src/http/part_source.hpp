#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/multipart.hpp>
#include <bailey/http/request.hpp>
#include <bailey/runtime/task.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::http::detail {

// Drives a MultipartParser from a request's body, for who reads part by part.
class PartSource {
 public:
  // Throws as PartReader's constructor does.
  PartSource(Request& request, const FormLimits& limits);

  // Goes on to the next part; false at the end of the form.
  [[nodiscard]] Task<bool> next();
  // The next bytes of the part; "" at its end. Valid until the next call.
  [[nodiscard]] Task<std::string_view> read();

  // Reads no more.
  void end() noexcept { request_ = nullptr; }

  [[nodiscard]] PartHead take_head() noexcept { return parser_.take_head(); }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }  // of the part, from 1

 private:
  [[nodiscard]] Task<MultipartParser::Step> advance();
  [[nodiscard]] Task<> receive();

  Request* request_;
  MultipartParser parser_;
  std::string room_;          // what is read into
  std::string_view pending_;  // in it: what has not been parsed
  bool in_part_ = false;
  bool ended_ = false;
  std::uint64_t number_ = 0;
  std::optional<Error> failure_;
};

}  // namespace bailey::http::detail
