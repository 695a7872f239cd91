#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/response.hpp>
#include <bailey/http/set_cookie.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/route_info.hpp>

#include <concepts>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace bailey {

// What a handler may return: a Response as it is; anything the model can encode, as JSON with status 200 (or the
// route's); the types below; a type of the program's own with `Response respond(int status) &&`; nothing (204);
// std::expected of any of these, whose error becomes the answer; a std::variant of them, one of which is a type below
// or a Response; and a Task of any of these.

// 201 with the value as JSON, and where it can be found.
template <class T>
struct Created {
  // NOLINTNEXTLINE(google-explicit-constructor): `co_return card;` is the point
  Created(T created) : value(std::move(created)) {}
  Created(T created, std::string where) : value(std::move(created)), location(std::move(where)) {}

  T value;
  std::optional<std::string> location = {};
};

// 204 without a body.
struct NoContent {};

// A value with the status that its type says, so that the document knows it: in a std::variant, each its own.
//   std::variant<Card, WithStatus<202, Job>>
template <int code, class T>
struct WithStatus {
  // NOLINTNEXTLINE(google-explicit-constructor): `return job;` is the point
  WithStatus(T given) : value(std::move(given)) {}

  T value;
};

// A page, text/html.
struct Html {
  std::string body;
};

// text/plain.
struct PlainText {
  std::string body;
};

// Bytes of a type: {png, "image/png"}.
struct Binary {
  std::string body;
  std::string content_type = "application/octet-stream";
};

// Sends the client elsewhere: 307 keeps the method, 303 makes it a GET; 308 and 301 are for ever. What a stranger may
// choose as the target goes through `local`.
struct Redirect {
  std::string location;
  int status = 307;

  // To a path of this site ("/cards?page=2"); throws HttpError 400 for what a browser would take for another site.
  [[nodiscard]] static Redirect local(std::string_view path, int status = 303);
};

// A value as it would be answered by itself, with headers, cookies and a status beside it.
//   return Reply(card).header("x-total", "7").status(202);
//   return Reply(card).cookie({.name = "seen", .value = "1", .secure = true});
template <class T>
class Reply {
 public:
  explicit Reply(T value) : value_(std::move(value)) {}

  Reply&& status(int code) && noexcept {
    status_ = code;
    return std::move(*this);
  }
  // Adds a field. Throws Error "invalid_header" for a name or a value that is none.
  Reply&& header(std::string_view name, std::string_view value) && {
    headers_.add(name, value);
    return std::move(*this);
  }
  // As http::set_cookie and http::delete_cookie, and throws as they do.
  Reply&& cookie(const http::SetCookie& cookie) && {
    http::set_cookie(headers_, cookie);
    return std::move(*this);
  }
  Reply&& delete_cookie(http::SetCookie cookie) && {
    http::delete_cookie(headers_, std::move(cookie));
    return std::move(*this);
  }

  [[nodiscard]] const T& value() const noexcept { return value_; }
  [[nodiscard]] T& value() noexcept { return value_; }
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const http::Headers& headers() const noexcept { return headers_; }

 private:
  T value_;
  int status_ = 0;
  http::Headers headers_;
};

namespace web_detail {

// A Task, or what derives from one, such as a database request.
template <class T>
std::type_identity<T> awaited(const Task<T>*);
template <class T>
struct TaskResult {
  static constexpr bool is_task = false;
};
template <class T>
  requires requires(const T* task) { awaited(task); }
struct TaskResult<T> {
  static constexpr bool is_task = true;
  using type = typename decltype(awaited(static_cast<const T*>(nullptr)))::type;
};
template <class T>
struct IsCreated : std::false_type {};
template <class T>
struct IsCreated<Created<T>> : std::true_type {};
template <class T>
struct IsWithStatus : std::false_type {};
template <int code, class T>
struct IsWithStatus<WithStatus<code, T>> : std::true_type {
  static constexpr int status = code;
  using type = T;
};
template <class T>
struct IsExpected : std::false_type {};
template <class T, class E>
struct IsExpected<std::expected<T, E>> : std::true_type {};

template <class T>
struct IsReply : std::false_type {};
template <class T>
struct IsReply<Reply<T>> : std::true_type {
  using type = T;
};
// A type of a program's own that says how it is answered: `Response respond(int status) &&`, with the route's status or
// 0, and, for the document, `static void describe(RouteInfo& route)`.
template <class T>
concept AnswersItself = requires(T& result) {
  { std::move(result).respond(0) } -> std::same_as<http::Response>;
};
template <class T>
concept SaysHow = std::same_as<T, http::Response> || std::same_as<T, NoContent> || std::same_as<T, Html> ||
                  std::same_as<T, PlainText> || std::same_as<T, Binary> || std::same_as<T, Redirect> ||
                  IsCreated<T>::value || IsReply<T>::value || IsWithStatus<T>::value || AnswersItself<T>;
// A variant of which an alternative says how it is answered. Of any other, the alternative is encoded.
template <class T>
struct IsChoice : std::false_type {};
template <class... T>
struct IsChoice<std::variant<T...>> : std::bool_constant<(SaysHow<T> || ...)> {
  template <class F>
  static void for_each(F&& visit) {
    (visit(std::type_identity<T>{}), ...);
  }
};

[[nodiscard]] http::Response typed_response(int status, std::string_view content_type, std::string body);
[[nodiscard]] http::Response redirect_response(const Redirect& redirect);

template <class T>
[[nodiscard]] http::Response json_response(int status, const T& value) {
  std::string body = http::take_buffer();
  encode(value, body);
  return http::Response::json(status, std::move(body));
}

// `status` 0: the one that fits the kind of result.
template <class R>
[[nodiscard]] http::Response to_response(R&& result, int status) {
  using T = std::remove_cvref_t<R>;
  if constexpr (std::same_as<T, http::Response>) {
    return std::forward<R>(result);
  } else if constexpr (std::same_as<T, NoContent>) {
    return http::Response::empty(status == 0 ? 204 : status);
  } else if constexpr (IsCreated<T>::value) {
    http::Response response = json_response(status == 0 ? 201 : status, result.value);
    if (result.location) response.headers.set("location", *result.location);
    return response;
  } else if constexpr (std::same_as<T, Html>) {
    return typed_response(status, "text/html; charset=utf-8", std::forward<R>(result).body);
  } else if constexpr (std::same_as<T, PlainText>) {
    return typed_response(status, "text/plain; charset=utf-8", std::forward<R>(result).body);
  } else if constexpr (std::same_as<T, Binary>) {
    return typed_response(status, result.content_type, std::forward<R>(result).body);
  } else if constexpr (std::same_as<T, Redirect>) {
    return redirect_response(result);
  } else if constexpr (IsWithStatus<T>::value) {
    return to_response(std::forward<R>(result).value, IsWithStatus<T>::status);
  } else if constexpr (AnswersItself<T>) {
    T answer(std::forward<R>(result));
    return std::move(answer).respond(status);
  } else if constexpr (IsReply<T>::value) {
    http::Response response = to_response(std::move(result.value()), result.status() == 0 ? status : result.status());
    result.headers().for_each(
        [&](std::string_view name, std::string_view value) { response.headers.add(name, value); });
    return response;
  } else if constexpr (IsChoice<T>::value) {
    return std::visit([&](auto&& one) { return to_response(std::forward<decltype(one)>(one), status); },
                      std::forward<R>(result));
  } else if constexpr (IsExpected<T>::value) {
    static_assert(std::derived_from<typename T::error_type, Error>,
                  "a handler's std::expected must hold a bailey::Error or a type derived from it");
    if (!result) throw std::forward<R>(result).error();
    if constexpr (std::is_void_v<typename T::value_type>) {
      return http::Response::empty(status == 0 ? 204 : status);
    } else {
      return to_response(*std::forward<R>(result), status);
    }
  } else {
    return json_response(status == 0 ? 200 : status, result);
  }
}

// What a handler that returns an R says of its answers.
template <class R>
void describe_result(RouteInfo& route) {
  using T = std::remove_cvref_t<R>;
  if constexpr (IsExpected<T>::value) {
    describe_result<typename T::value_type>(route);
  } else if constexpr (IsReply<T>::value) {
    describe_result<typename IsReply<T>::type>(route);
  } else if constexpr (IsChoice<T>::value) {
    IsChoice<T>::for_each([&]<class One>(std::type_identity<One>) { describe_result<One>(route); });
  } else if constexpr (IsWithStatus<T>::value) {
    route.add(ResponseInfo{.status = IsWithStatus<T>::status, .schema = &schema<typename IsWithStatus<T>::type>});
  } else if constexpr (AnswersItself<T>) {
    if constexpr (requires { T::describe(route); })
      T::describe(route);
    else
      route.set_success(200, nullptr);
  } else if constexpr (std::same_as<T, Html>) {
    route.set_success(200, &schema<std::string>, "text/html");
  } else if constexpr (std::same_as<T, PlainText>) {
    route.set_success(200, &schema<std::string>, "text/plain");
  } else if constexpr (std::same_as<T, Binary>) {
    route.set_success(200, nullptr, "*/*");
  } else if constexpr (std::same_as<T, Redirect>) {
    route.set_success(307, nullptr);
    route.add_header(307, "Location");
  } else if constexpr (std::same_as<T, http::Response>) {
    route.set_success(200, {});
  } else if constexpr (std::is_void_v<T> || std::same_as<T, NoContent>) {
    route.set_success(204, {});
  } else if constexpr (IsCreated<T>::value) {
    route.set_success(201, &schema<decltype(T::value)>);
  } else {
    route.set_success(200, &schema<T>);
  }
}

}  // namespace web_detail
}  // namespace bailey
