// Which exception becomes which answer:
//
//   RequestValidationError   422, the list of entries
//   HttpError                its status, detail and headers
//   every other Error        what it says of itself (Error::answer): its status and sentence, as a rule
//   a cancelled operation    503: the handler's time was up, or the peer is gone and nobody reads it
//   anything else            500, its text only in the log
//
// The sentence of a 500 is ours to read, not the client's, and so is a database's (SqlError, PostgrestError) where the
// request was not the cause: the status's phrase is sent. All of them, the user's own too: a 401 says how to
// authenticate, a 503 when to come again (RFC 9110 15.5.2, 10.2.3), and from 500 up they carry the request's id.
#include "web/error_responses.hpp"

#include <bailey/base/log.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/status.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/json.hpp>
#include <bailey/web/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <string>

namespace bailey::web_detail {

namespace {

constexpr std::string_view internal_error = "Internal Server Error";

int usable_status(int status) noexcept { return status >= 400 && status <= 599 ? status : 500; }

void log_failure(int status, std::string_view code, std::string_view text, const Request& request) {
  const log::Level level = status == 500 ? log::Level::error : log::Level::warning;
  log::write(level, "request failed",
             {{"status", status},
              {"code", code},
              {"error", text},
              {"method", request.method_text()},
              {"route", request.route()},
              {"request_id", request.id()}});
}

Response respond_to_error(const Error& error, const Request& request) {
  const Error::Answer answer = error.answer();
  const int status = usable_status(answer.status);
  if (status < 500) return detail_response(status, error.message());
  std::string text = error.message();
  if (const std::string details = error.log_details(); !details.empty()) text.append(" (").append(details).append(")");
  log_failure(status, error.code(), text, request);
  const bool shows_message = answer.shows_message && status != 500;
  return detail_response(status, shows_message ? std::string_view(error.message()) : http::reason_phrase(status));
}

Response respond_to_http_error(const HttpError& error, const Request& request) {
  const int status = error.http_status();
  if (status >= 500) log_failure(status, error.code(), error.message(), request);
  if (!http::may_have_body(status)) return Response::empty(status);
  std::string body = http::take_buffer();
  body += "{\"detail\":";
  append_json(body, error.detail());
  body += '}';
  Response response = Response::json(status, std::move(body));
  for (const auto& [name, value] : error.headers()) response.headers.add(name, value);
  return response;
}

Response respond_to_validation_error(const RequestValidationError& error) {
  std::string body = http::take_buffer();
  body += "{\"detail\":";
  error.errors().append_json(body);
  body += '}';
  return Response::json(422, std::move(body));
}

Response respond_to_stranger(std::string_view text, const Request& request) {
  log_failure(500, "unhandled_exception", text, request);
  return detail_response(500, internal_error);
}

Response respond_by_default(const std::exception_ptr& failure, const Request& request) {
  try {
    std::rethrow_exception(failure);
  } catch (const RequestValidationError& error) {
    return respond_to_validation_error(error);
  } catch (const HttpError& error) {
    return respond_to_http_error(error, request);
  } catch (const Error& error) {
    return respond_to_error(error, request);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) return detail_response(503, "Service Unavailable");
    return respond_to_stranger(error.what(), request);
  } catch (const std::exception& error) {
    return respond_to_stranger(error.what(), request);
  } catch (...) {
    return respond_to_stranger("an exception that is not derived from std::exception", request);
  }
}

void complete(Response& response, const Request& request) {
  if (response.status == 401 && !response.headers.contains("www-authenticate")) {
    response.headers.add("WWW-Authenticate", "Bearer");
  }
  if (response.status == 503 && !response.headers.contains("retry-after")) response.headers.add("Retry-After", "1");
  if (response.status >= 500) response.headers.set("X-Request-Id", request.id());
}

// To an error handler that throws, a header that is not one, no memory: the least that can be said.
Response last_resort(const Request& request) noexcept {
  Response response(500);
  try {
    log::error("an error could not be answered", {{"route", request.route()}, {"request_id", request.id()}});
    complete(response, request);
  } catch (...) {
  }
  return response;
}

}  // namespace

Response detail_response(int status, std::string_view detail) {
  std::string body = http::take_buffer();
  body += "{\"detail\":";
  encode(detail, body);
  body += '}';
  return Response::json(status, std::move(body));
}

Response ErrorResponses::respond(const std::exception_ptr& failure, const Request& request) const noexcept {
  try {
    std::optional<Response> response;
    for (auto handler = handlers_.begin(); !response && handler != handlers_.end(); ++handler)
      response = (*handler)(failure, request);
    if (!response) response = respond_by_default(failure, request);
    complete(*response, request);
    return std::move(*response);
  } catch (...) {
    return last_resort(request);
  }
}

}  // namespace bailey::web_detail
