#pragma once

#include <bailey/web/dependency.hpp>
#include <bailey/web/injection.hpp>

#include <chrono>
#include <concepts>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace bailey {

struct ReadyOptions {
  std::chrono::milliseconds timeout{2000};  // then the check has failed
};

namespace web_detail {

// A check of the program's own, with its types erased. Shared by all loops.
class ReadyCheck {
 public:
  ReadyCheck() = default;
  virtual ~ReadyCheck() = default;
  ReadyCheck(const ReadyCheck&) = delete;
  ReadyCheck& operator=(const ReadyCheck&) = delete;

  [[nodiscard]] virtual std::span<const Need> needs() const noexcept = 0;
  [[nodiscard]] virtual Task<bool> run(SharedObjects shared) const = 0;
};

template <class F, class Parameters>
class BoundReadyCheck;

template <class F, class... P>
class BoundReadyCheck<F, std::tuple<std::type_identity<P>...>> final : public ReadyCheck {
  using Parameters = Injection<std::tuple<std::type_identity<P>...>>;
  static_assert((is_dependency<P> && ...), "a readiness check takes what the app provides for all requests");
  static_assert(std::same_as<std::invoke_result_t<const F&, P...>, Task<bool>>,
                "a readiness check is a coroutine that returns Task<bool>: whether the app can do its work");

 public:
  explicit BoundReadyCheck(F check) : check_(std::move(check)) { Parameters::require(); }

  [[nodiscard]] std::span<const Need> needs() const noexcept override { return Parameters::needs; }
  [[nodiscard]] Task<bool> run(SharedObjects shared) const override {
    return run_with(shared, std::index_sequence_for<P...>{});
  }

 private:
  template <std::size_t... I>
  Task<bool> run_with([[maybe_unused]] SharedObjects shared, std::index_sequence<I...>) const {
    Request nobody;  // binding asks for one; nothing is read of it
    ValidationErrors none;
    [[maybe_unused]] auto bound = Parameters::bind(nobody, shared, none);
    const bool is_ready = co_await check_(pass_parameter<P>(std::get<I>(bound))...);
    co_return is_ready;
  }

  F check_;
};

}  // namespace web_detail
}  // namespace bailey
