// A file's answer is made without an app, which tells errors in a form of its own: what is one is thrown here.
#include <bailey/web/file_response.hpp>

#include <bailey/web/error.hpp>
#include "web/file_refusal.hpp"

#include "http/file_answer.hpp"

#include <utility>

namespace bailey {

Response web_detail::unless_refused(Response response) {
  if (response.status != 412 && response.status != 416) return response;
  HttpError::HeaderList headers;
  response.headers.for_each([&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); });
  throw HttpError(response.status, response.status == 412 ? http::not_as_asked_for : http::no_such_range,
                  std::move(headers));
}

Task<Response> file_response(const Request& request, std::string path, FileOptions options) {
  Response response = co_await http::file_response(request.http(), std::move(path), std::move(options));
  co_return web_detail::unless_refused(std::move(response));
}

}  // namespace bailey
