#include <bailey/web/results.hpp>

#include <bailey/web/error.hpp>

#include <algorithm>

namespace bailey {

// A browser reads "//host", and with a backslash in the place of a slash too, as another site, and drops tabs and line
// ends before it looks.
Redirect Redirect::local(std::string_view path, int status) {
  const bool is_elsewhere = !path.starts_with('/') || path.starts_with("//") || path.contains('\\') ||
                            std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (is_elsewhere) throw HttpError(400, "The target of a redirection must be a path of this site");
  return {std::string(path), status};
}

namespace web_detail {

http::Response typed_response(int status, std::string_view content_type, std::string body) {
  http::Response response(status == 0 ? 200 : status);
  response.content_type(content_type);
  response.body = std::move(body);
  return response;
}

http::Response redirect_response(const Redirect& redirect) {
  http::Response response = http::Response::empty(redirect.status);
  response.headers.set("location", redirect.location);
  return response;
}

}  // namespace web_detail
}  // namespace bailey
