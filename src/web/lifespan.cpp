#include "web/lifespan.hpp"

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace bailey::web_detail {

Lifespans::Lifespans(std::span<const std::shared_ptr<const Provider>> lifespans,
                     std::span<const std::shared_ptr<const Provider>> providers)
    : lifespans_(lifespans.begin(), lifespans.end()) {
  for (const auto& lifespan : lifespans_) {
    std::vector<void*>& objects = shared_.emplace_back();
    for (const Need& need : lifespan->needs()) {
      const auto provider = std::ranges::find_if(providers, [&](const auto& each) { return each->key() == need.key; });
      const std::string type(need.type);
      if (provider == providers.end() || (*provider)->kind() != Provider::Kind::shared) {
        throw Error("invalid_dependency", "A lifespan takes " + type +
                                              ", which nothing provides for all requests: app.provide(value) or "
                                              "app.provide(std::ref(object))");
      }
      if (need.access == Need::Access::change && !(*provider)->is_mutable())
        throw Error("invalid_dependency", "A lifespan takes " + type + "& but all share it: provide std::ref(…)");
      objects.push_back((*provider)->object());
    }
  }
}

Task<> Lifespans::open() {
  std::exception_ptr failure;
  try {
    for (std::size_t at = 0; at < lifespans_.size(); ++at) {
      auto opening = std::make_shared<HeldOpening>();
      Loop::current().spawn("lifespan", hold_open(opening, lifespans_[at], nobody_, shared_[at]));
      static_cast<void>(co_await opening->opened());
      open_.push_back(std::move(opening));
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  co_await close();
  std::rethrow_exception(failure);
}

Task<> Lifespans::close() { co_await close_all(std::exchange(open_, {})); }

}  // namespace bailey::web_detail
