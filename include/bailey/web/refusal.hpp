#pragma once

#include <bailey/http/response.hpp>

#include <functional>
#include <string_view>

namespace bailey {

// A request that the server gives up itself, before the app has it or in its place: it is malformed, over a limit, or
// out of time. Valid during the call it is given to.
struct Refusal {
  int status = 400;
  std::string_view detail = {};  // why, in words that may be sent to the client
  std::string_view target = {};  // what has arrived of the request's target; perhaps nothing, and unchecked
};

namespace web_detail {

// What the program makes of the answer to one; it is given the usual one.
using RefusalHandler = std::function<http::Response(const Refusal& refusal, http::Response usual)>;

}  // namespace web_detail
}  // namespace bailey
