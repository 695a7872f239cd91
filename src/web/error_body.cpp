// RFC 9457: `type` "about:blank" says that the problem is no more than its status, and then `title` is the status's
// phrase (section 4.2.1). `detail` is a text; what else an HttpError says stands in an extension member.
#include "web/error_body.hpp"

#include <bailey/http/buffer.hpp>
#include <bailey/http/status.hpp>

#include <string>

namespace bailey::web_detail {
namespace {

constexpr std::string_view problem_type = "application/problem+json";

std::string begin_problem(int status) {
  std::string body = http::take_buffer();
  body += R"({"type":"about:blank","title":)";
  append_json_string(body, http::reason_phrase(status));
  body.append(R"(,"status":)").append(std::to_string(status));
  return body;
}

http::Response end_problem(int status, std::string body, std::string_view request_id) {
  if (!request_id.empty()) {
    body += R"(,"request_id":)";
    append_json_string(body, request_id);
  }
  body += '}';
  http::Response response = http::Response::json(status, std::move(body));
  response.content_type(problem_type);
  return response;
}

std::string begin_detail() {
  std::string body = http::take_buffer();
  body += "{\"detail\":";
  return body;
}

http::Response end_detail(int status, std::string body) {
  body += '}';
  return http::Response::json(status, std::move(body));
}

}  // namespace

http::Response error_response(ErrorFormat format, int status, std::string_view detail, std::string_view request_id) {
  if (format == ErrorFormat::detail) {
    std::string body = begin_detail();
    append_json_string(body, detail);
    return end_detail(status, std::move(body));
  }
  std::string body = begin_problem(status);
  if (detail != http::reason_phrase(status)) {
    body += R"(,"detail":)";
    append_json_string(body, detail);
  }
  return end_problem(status, std::move(body), request_id);
}

http::Response error_response(ErrorFormat format, int status, const json::value& detail, std::string_view request_id) {
  if (const json::string* const text = detail.if_string())
    return error_response(format, status, std::string_view(*text), request_id);
  if (format == ErrorFormat::detail) {
    std::string body = begin_detail();
    append_json(body, detail);
    return end_detail(status, std::move(body));
  }
  std::string body = begin_problem(status);
  body += R"(,"details":)";
  append_json(body, detail);
  return end_problem(status, std::move(body), request_id);
}

http::Response error_response(ErrorFormat format, const ValidationErrors& errors, std::string_view request_id) {
  if (format == ErrorFormat::detail) {
    std::string body = begin_detail();
    errors.append_json(body);
    return end_detail(422, std::move(body));
  }
  std::string body = begin_problem(422);
  body += R"(,"detail":"The request is not valid","errors":)";
  errors.append_json(body);
  return end_problem(422, std::move(body), request_id);
}

}  // namespace bailey::web_detail
