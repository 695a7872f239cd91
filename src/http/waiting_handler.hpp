#pragma once

#include <bailey/http/server.hpp>
#include <bailey/runtime/sleep.hpp>

#include <boost/system/system_error.hpp>

#include <atomic>
#include <chrono>

namespace bailey::http::test {

// A handler that waits for ever, and counts how often it began and was cancelled.
struct Waiting {
  std::atomic<int> begun = 0, cancelled = 0;
  Answer operator()(Request& request) {
    if (request.path() == "/now") return Response::text(200, "now");
    return wait();
  }
  Task<Response> wait() {
    ++begun;
    try {
      co_await sleep_for(std::chrono::hours(1));
    } catch (const boost::system::system_error&) {
      ++cancelled;
      throw;
    }
    co_return Response::empty(200);
  }
};

}  // namespace bailey::http::test
