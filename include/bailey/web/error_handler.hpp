#pragma once

#include <bailey/http/response.hpp>
#include <bailey/web/request.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace bailey::web_detail {

// How exceptions of one type, and of those derived from it, are answered.
//
// Which of two types derives from the other is known to the language alone, and it says so in a catch clause only. But
// a thrown pointer is caught as a pointer to a base, so a null pointer of each type, thrown, tells.
class ErrorHandler {
 public:
  template <class E, std::invocable<const E&, const Request&> F>
  static ErrorHandler of(F respond) {
    ErrorHandler handler;
    handler.respond_ = [respond = std::move(respond)](const std::exception_ptr& failure,
                                                      const Request& request) -> std::optional<Response> {
      try {
        std::rethrow_exception(failure);
      } catch (const E& error) {
        return respond(error, request);
      } catch (...) {
        return std::nullopt;
      }
    };
    handler.thrown_pointer_ = std::make_exception_ptr(static_cast<const E*>(nullptr));
    handler.catches_ = [](const std::exception_ptr& pointer) {
      try {
        std::rethrow_exception(pointer);
      } catch (const E*) {
        return true;
      } catch (...) {
        return false;
      }
    };
    handler.takes_what_is_left_ = std::same_as<E, std::exception>;
    return handler;
  }

  // The answer; nullopt when the failure is of another type. Throws what the user's function throws.
  [[nodiscard]] std::optional<Response> respond(const std::exception_ptr& failure, const Request& request) const {
    return respond_(failure, request);
  }

  // Whether this one's type is `other`'s, or a base of it.
  [[nodiscard]] bool is_as_wide_as(const ErrorHandler& other) const { return catches_(other.thrown_pointer_); }

  // Whether its type is std::exception: then it gets what nobody expected.
  [[nodiscard]] bool takes_what_is_left() const noexcept { return takes_what_is_left_; }

 private:
  ErrorHandler() = default;

  std::function<std::optional<Response>(const std::exception_ptr&, const Request&)> respond_;
  std::exception_ptr thrown_pointer_;
  bool (*catches_)(const std::exception_ptr&) = nullptr;
  bool takes_what_is_left_ = false;
};

}  // namespace bailey::web_detail
