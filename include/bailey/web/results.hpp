#pragma once

#include <bailey/base/error.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/response.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/runtime/task.hpp>

#include <concepts>
#include <expected>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace bailey {

// What a handler may return: a Response as it is; anything the model can encode, as JSON with status 200 (or the
// route's); the types below; nothing (204); std::expected of any of these, whose error becomes the answer; and a Task
// of any of these.

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
struct IsExpected : std::false_type {};
template <class T, class E>
struct IsExpected<std::expected<T, E>> : std::true_type {};

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

}  // namespace web_detail
}  // namespace bailey
