// Which exception becomes which answer, when the user has not said it:
//
//   RequestValidationError   422, the list of entries
//   HttpError                its status, detail and headers
//   every other Error        what it says of itself (Error::answer): its status and sentence, as a rule
//   a cancelled operation    504: the handler's time was up, or the peer is gone and nobody reads it
//   anything else            500, its text only in the log
//
// All but the last are entries of the table that the user's handlers are put into: the most derived type that fits
// wins. The last is what is left over, as FastAPI has it; an Error whose answer is 500 is left over, too.
//
// The sentence of a 500 is ours to read, not the client's, and so is any other that an Error says is not for them, as a
// database's where the request was not the cause: the status's phrase is sent. All answers, the user's own too: a 401
// says how to authenticate, a 503 when to come again (RFC 9110 15.5.2, 10.2.3), and from 500 up they carry the
// request's id and are logged with their reason, once. Below 500 an Error may ask to be logged.
#include "web/error_responses.hpp"

#include <bailey/base/log.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/status.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/json.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/trace_context.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace bailey::web_detail {

namespace {

int usable_status(int status) noexcept { return status >= 400 && status <= 599 ? status : 500; }

bool is_cancelled(const boost::system::system_error& error) {
  return error.code() == boost::asio::error::operation_aborted;
}

void log_reason(log::Level level, int status, std::string_view code, std::string_view text, const Request& request) {
  const TraceContext* const trace = trace_of(request);
  if (trace == nullptr) {
    log::write(level, "request failed",
               {{"status", status},
                {"code", code},
                {"error", text},
                {"method", request.method_text()},
                {"route", request.route()},
                {"request_id", request.id()}});
    return;
  }
  log::write(level, "request failed",
             {{"status", status},
              {"code", code},
              {"error", text},
              {"method", request.method_text()},
              {"route", request.route()},
              {"request_id", request.id()},
              {"trace_id", trace->trace_id()}});
}

void log_error(log::Level level, int status, const Error& error, const Request& request, std::string_view remark = {}) {
  std::string text = error.message();
  for (const std::string_view more : {std::string_view(error.log_details()), remark})
    if (!more.empty()) text.append(" (").append(more).append(")");
  log_reason(level, status, error.code(), text, request);
}

// Why a request was answered with `status`.
void log_failure(int status, const std::exception_ptr& failure, const Request& request) {
  const log::Level level = status == 500 ? log::Level::error : log::Level::warning;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    log_error(level, status, error, request);
  } catch (const boost::system::system_error& error) {
    // Clients that go away are no fault of anybody's.
    const bool cancelled = is_cancelled(error);
    const bool gone = cancelled && request.http().peer_gone();
    log_reason(gone ? log::Level::info : level, status,
               gone        ? "client_gone"
               : cancelled ? "deadline"
                           : "unhandled_exception",
               error.what(), request);
  } catch (const std::exception& error) {
    log_reason(level, status, "unhandled_exception", error.what(), request);
  } catch (...) {
    log_reason(level, status, "unhandled_exception", "an exception that is not derived from std::exception", request);
  }
}

Response respond_to_error(const Error& error, const Request& request) {
  const Error::Answer answer = error.answer();
  int status = usable_status(answer.status);
  if (status == 500) throw;  // left over
  if (answer.was_asked_as_nobody && request.state().has_identity()) {
    status = 403;  // another token would change nothing
    log_error(log::Level::warning, status, error, request, "asked as anon in a signed-in user's request");
  } else if (answer.is_logged && status < 500) {
    log_error(log::Level::warning, status, error, request);
  }
  return detail_response(status,
                         answer.shows_message ? std::string_view(error.message()) : http::reason_phrase(status));
}

Response respond_to_http_error(const HttpError& error, const Request&) {
  const int status = error.http_status();
  if (!http::may_have_body(status)) return Response::empty(status);
  std::string body = http::take_buffer();
  body += "{\"detail\":";
  append_json(body, error.detail());
  body += '}';
  Response response = Response::json(status, std::move(body));
  for (const auto& [name, value] : error.headers()) response.headers.add(name, value);
  return response;
}

Response respond_to_validation_error(const RequestValidationError& error, const Request&) {
  std::string body = http::take_buffer();
  body += "{\"detail\":";
  error.errors().append_json(body);
  body += '}';
  return Response::json(422, std::move(body));
}

Response respond_to_system_error(const boost::system::system_error& error, const Request&) {
  if (!is_cancelled(error)) throw;  // left over
  return detail_response(504, "The request took too long");
}

void complete(Response& response, const Request& request) {
  if (response.status == 401 && !response.headers.contains("www-authenticate")) {
    response.headers.add("WWW-Authenticate", "Bearer");
  }
  if (response.status == 503 && !response.headers.contains("retry-after")) response.headers.add("Retry-After", "1");
  if (response.status >= 500) response.headers.set("X-Request-Id", request.id());
}

// To a header that is not one, no memory: the least that can be said.
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

ErrorResponses::ErrorResponses() {
  // The commonest first: each that is tried costs a throw.
  add(ErrorHandler::of<HttpError>(respond_to_http_error));
  add(ErrorHandler::of<RequestValidationError>(respond_to_validation_error));
  add(ErrorHandler::of<Error>(respond_to_error));
  add(ErrorHandler::of<boost::system::system_error>(respond_to_system_error));
}

// Before the first of its own type or of a base: what derives from it stands before those already.
void ErrorResponses::add(ErrorHandler handler) {
  const auto behind =
      std::ranges::find_if(handlers_, [&](const ErrorHandler& other) { return other.is_as_wide_as(handler); });
  handlers_.insert(behind, std::move(handler));
}

Response ErrorResponses::answer(const std::exception_ptr& failure, const Request& request) const {
  for (const ErrorHandler& handler : handlers_) {
    std::exception_ptr thrown;
    try {
      std::optional<Response> response = handler.respond(failure, request);
      if (!response) continue;
      if (response->status >= 500 || handler.takes_what_is_left()) log_failure(response->status, failure, request);
      return *std::move(response);
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown == failure) continue;                               // `throw;`
    Response response = ErrorResponses().answer(thrown, request);  // no user's handler is asked twice
    if (response.status >= 500 || handler.takes_what_is_left()) log_failure(response.status, failure, request);
    return response;
  }
  log_failure(500, failure, request);
  return detail_response(500, http::reason_phrase(500));
}

Response ErrorResponses::respond(const std::exception_ptr& failure, const Request& request) const noexcept {
  try {
    Response response = answer(failure, request);
    complete(response, request);
    return response;
  } catch (...) {
    return last_resort(request);
  }
}

}  // namespace bailey::web_detail
