#pragma once

#include <bailey/web/state.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace bailey::graphql {

// A value of some object type that implements an interface: what a field of the interface's type returns.
//
//   type.implements<Node>();                                        // of Card, and of Person
//   schema.query("node", [](Arg<"id", Id> id) -> std::optional<AnyOf<Node>> { return Card{…}; });
//
// Copies share the value. A type that does not implement the interface is an error of the field when it is returned.
template <class Interface>
class AnyOf {
 public:
  using interface_type = Interface;

  template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, AnyOf> && std::is_class_v<std::remove_cvref_t<T>>)
  // NOLINTNEXTLINE(google-explicit-constructor): a Card is a Node
  AnyOf(T&& value)
      : object_(std::make_shared<const std::remove_cvref_t<T>>(std::forward<T>(value))),
        type_(web_detail::type_key<std::remove_cvref_t<T>>) {}

  // Of the value, as `type` says; it lives as long as a copy of this.
  [[nodiscard]] const void* object() const noexcept { return object_.get(); }
  [[nodiscard]] web_detail::TypeKey type() const noexcept { return type_; }

 private:
  std::shared_ptr<const void> object_;
  web_detail::TypeKey type_;
};

}  // namespace bailey::graphql
