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
// A handler of the user's for a status makes what it wants of our answers with that status, and of every HttpError with
// it, as in Starlette; what a handler of theirs for a type has answered is left alone.
//
// The sentence of a 500 is ours to read, not the client's, and so is any other that an Error says is not for them, as a
// database's where the request was not the cause: the status's phrase is sent. All answers, the user's own too: a 401
// says how to authenticate, a 503 when to come again (RFC 9110 15.5.2, 10.2.3), and from 500 up they carry the
// request's id and are logged with their reason, once. Below 500 an Error may ask to be logged.
#include "web/error_responses.hpp"

#include <bailey/base/log.hpp>
#include <bailey/http/status.hpp>
#include <bailey/model/json.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/trace_context.hpp>
#include "web/error_body.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
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

Response respond_to_error(ErrorFormat format, const Error& error, const Request& request) {
  const Error::Answer answer = error.answer();
  int status = usable_status(answer.status);
  if (status == 500) throw;  // left over
  if (answer.was_asked_as_nobody && request.state().has_identity()) {
    status = 403;  // another token would change nothing
    log_error(log::Level::warning, status, error, request, "asked as anon in a signed-in user's request");
  } else if (answer.is_logged && status < 500) {
    log_error(log::Level::warning, status, error, request);
  }
  return error_response(format, status,
                        answer.shows_message ? std::string_view(error.message()) : http::reason_phrase(status),
                        request.id());
}

Response respond_to_http_error(ErrorFormat format, const HttpError& error, const Request& request) {
  const int status = error.http_status();
  if (status < 200 || status > 599) throw;  // no answer has it: left over
  if (!http::may_have_body(status)) return Response::empty(status);
  Response response = error_response(format, status, error.detail(), request.id());
  for (const auto& [name, value] : error.headers()) response.headers.add(name, value);
  return response;
}

// The HttpError's status, 0 of any other failure.
int http_error_status(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const HttpError& error) {
    return error.http_status();
  } catch (...) {
    return 0;
  }
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

ErrorResponses::ErrorResponses(ErrorFormat format) : format_(format) {
  const auto add_default = [this](ErrorHandler handler) { add(Entry{std::move(handler), true}); };
  // The commonest first: each that is tried costs a throw.
  add_default(ErrorHandler::of<HttpError>([format](const HttpError& error, const Request& request) {
    return respond_to_http_error(format, error, request);
  }));
  add_default(
      ErrorHandler::of<RequestValidationError>([format](const RequestValidationError& error, const Request& request) {
        return error_response(format, error.errors(), request.id());
      }));
  add_default(ErrorHandler::of<Error>(
      [format](const Error& error, const Request& request) { return respond_to_error(format, error, request); }));
  add_default(ErrorHandler::of<boost::system::system_error>(
      [format](const boost::system::system_error& error, const Request& request) {
        if (!is_cancelled(error)) throw;  // left over
        return error_response(format, 504, std::string_view("The request took too long"), request.id());
      }));
}

void ErrorResponses::add(ErrorHandler handler) { add(Entry{std::move(handler), false}); }
void ErrorResponses::add(int status, StatusHandler handler) { by_status_[status] = std::move(handler); }

// Before the first of its own type or of a base: what derives from it stands before those already.
void ErrorResponses::add(Entry entry) {
  const auto behind =
      std::ranges::find_if(entries_, [&](const Entry& other) { return other.handler.is_as_wide_as(entry.handler); });
  entries_.insert(behind, std::move(entry));
}

// The headers without which an answer of its status says too little are kept, whatever the handler makes.
Response ErrorResponses::by_status(Response usual, const Request& request) const {
  const auto handler = by_status_.find(usual.status);
  if (handler == by_status_.end()) return usual;
  constexpr std::array<std::string_view, 3> kept_names{"Allow", "WWW-Authenticate", "Retry-After"};
  std::array<std::string, kept_names.size()> kept;
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = usual.headers.get(kept_names[i]).value_or(std::string_view{});
  std::exception_ptr thrown;
  try {
    Response response = handler->second(request, std::move(usual));
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (!kept[i].empty() && !response.headers.contains(kept_names[i])) response.headers.add(kept_names[i], kept[i]);
    return response;
  } catch (...) {
    thrown = std::current_exception();
  }
  return ErrorResponses(format_).answer(thrown, request);
}

Response ErrorResponses::answer(const std::exception_ptr& failure, const Request& request) const {
  const int http_status = by_status_.empty() ? 0 : http_error_status(failure);
  const bool has_status_handler = http_status != 0 && by_status_.contains(http_status);
  for (const auto& [handler, is_default] : entries_) {
    if (has_status_handler && !is_default) continue;
    std::exception_ptr thrown;
    try {
      std::optional<Response> response = handler.respond(failure, request);
      if (!response) continue;
      if (response->status >= 500 || handler.takes_what_is_left()) log_failure(response->status, failure, request);
      return is_default ? by_status(*std::move(response), request) : *std::move(response);
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown == failure) continue;                                      // `throw;`
    Response response = ErrorResponses(format_).answer(thrown, request);  // no user's handler is asked twice
    if (response.status >= 500 || handler.takes_what_is_left()) log_failure(response.status, failure, request);
    return response;
  }
  log_failure(500, failure, request);
  return by_status(error_response(format_, 500, http::reason_phrase(500), request.id()), request);
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

Response ErrorResponses::refuse(int status, const Request& request, std::string_view allow) const noexcept {
  try {
    Response usual = error_response(format_, status, http::reason_phrase(status), request.id());
    if (!allow.empty()) usual.headers.add("Allow", allow);
    Response response = by_status(std::move(usual), request);
    complete(response, request);
    return response;
  } catch (...) {
    return last_resort(request);
  }
}

}  // namespace bailey::web_detail
