#include "web/lifespan.hpp"

#include <bailey/runtime/loop.hpp>
#include "web/shared_objects.hpp"

#include <utility>

namespace bailey::web_detail {

void Lifespans::add(std::span<const std::shared_ptr<const Provider>> lifespans,
                    std::span<const std::shared_ptr<const Provider>> providers) {
  for (const auto& lifespan : lifespans) {
    shared_.push_back(shared_objects("A lifespan", lifespan->needs(), providers));
    lifespans_.push_back(lifespan);
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
