#pragma once

#include <bailey/http/client.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include "http/test_server.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

// What tests of streamed bodies share.
namespace bailey::http::test {

inline ClientRequest request_to(std::string url, std::string method = "GET") {
  ClientRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  return request;
}

inline std::string url_of(const TestServer& server, std::string_view path = "/") {
  return "http://127.0.0.1:" + std::to_string(server.port()) + std::string(path);
}

// So many parts of this kind.
inline BodySource::Next parts(std::size_t count, std::string part) {
  return [left = count, part = std::move(part)]() mutable {
    return [](std::string next) -> Task<std::string> { co_return next; }(left == 0 ? std::string() : (--left, part));
  };
}

// Answers with how the body was framed and what it was.
inline Answer tell_body(Request& request) {
  return [](Request& later) -> Task<Response> {
    const auto length = later.content_length();
    const std::string_view body = co_await later.body();
    co_return Response::text(200, (length ? std::to_string(*length) : "chunked") + ":" + std::string(body));
  }(request);
}

// Answers with how much it was, having read it in parts.
inline Answer measure(Request& request) {
  return [](Request& later) -> Task<Response> {
    std::string part(256 * 1024, '\0');
    std::uint64_t total = 0;
    for (;;) {
      const std::size_t count = co_await later.read_some(part);
      if (count == 0) break;
      total += count;
    }
    co_return Response::text(200, std::to_string(total));
  }(request);
}

inline std::string code_of(const auto& outcome) { return outcome ? "answered" : outcome.error().code(); }

inline std::string thrown_by(auto&& task) {
  try {
    const auto outcome = run_blocking(std::forward<decltype(task)>(task));
    return "nothing: " + code_of(outcome);
  } catch (const Error& error) {
    return error.code();
  }
}

}  // namespace bailey::http::test
