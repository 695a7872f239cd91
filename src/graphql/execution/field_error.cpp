#include <graphql/execution/field_error.hpp>

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/graphql/error.hpp>
#include <bailey/model/validation.hpp>
#include <bailey/web/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {
namespace {

constexpr std::string_view internal_code = "INTERNAL_SERVER_ERROR";

// As Apollo's servers name them.
std::string_view code_of(int status) noexcept {
  switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 403: return "FORBIDDEN";
    case 404: return "NOT_FOUND";
    case 409: return "CONFLICT";
    case 422: return "BAD_USER_INPUT";
    case 429: return "TOO_MANY_REQUESTS";
    default: return status < 500 ? "BAD_REQUEST" : internal_code;
  }
}

ResponseError masked(std::string_view reason, const Request& request) {
  log::error("a GraphQL resolver failed", {{"reason", reason}, {"request_id", request.id()}});
  return {.message = "Internal server error", .extensions = {{"code", internal_code}}};
}

ResponseError error_of_known(const Error& error, const Request& request) {
  const Error::Answer answer = error.answer();
  if (!answer.shows_message) {
    return masked(error.log_details().empty() ? error.message() : error.message() + " (" + error.log_details() + ")",
                  request);
  }
  if (answer.is_logged || answer.status >= 500) {
    log::error("a GraphQL resolver failed", {{"reason", error.message()}, {"request_id", request.id()}});
  }
  return {.message = error.message(), .extensions = {{"code", code_of(answer.status)}}};
}

}  // namespace

ResponseError internal_error(std::string message) {
  return {.message = std::move(message), .extensions = {{"code", internal_code}}};
}

ResponseError error_of_answer(const std::exception_ptr& thrown, const Request& request) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
  } catch (const Error& error) {
    if (error.code() == "peer_gone") throw;
  } catch (...) {  // told as it is
  }
  return error_of(thrown, request);
}

ResponseError error_of(const std::exception_ptr& thrown, const Request& request) {
  try {
    std::rethrow_exception(thrown);
  } catch (const FieldError& error) {
    return error.error();
  } catch (const GraphQLError& error) {
    json::object extensions = error.extensions();
    if (!error.code().empty()) extensions.insert_or_assign("code", error.code());
    return {.message = error.message(), .extensions = std::move(extensions)};
  } catch (const RequestValidationError& error) {
    return {.message = "The request is not valid",
            .extensions = {{"code", "BAD_USER_INPUT"}, {"detail", error.errors().to_json()}}};
  } catch (const HttpError& error) {
    ResponseError told = error_of_known(error, request);
    if (const json::string* text = error.detail().if_string(); text != nullptr && !text->empty()) {
      told.message = std::string_view(*text);
    } else if (error.detail().is_object() || error.detail().is_array()) {
      told.extensions["detail"] = error.detail();
    }
    return told;
  } catch (const Error& error) {
    return error_of_known(error, request);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) return internal_error("The operation was cancelled");
    return masked(error.what(), request);
  } catch (const std::exception& error) {
    return masked(error.what(), request);
  } catch (...) {
    return masked("something that is no std::exception", request);
  }
}

}  // namespace bailey::graphql
