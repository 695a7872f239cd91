#include "web/openings.hpp"

#include <bailey/base/error.hpp>

#include <string>

namespace bailey::web_detail {

void fail_not_given(const Provider& provider) {
  const std::string what =
      provider.key() == nullptr ? "A function with a Yield<>" : "What provides " + std::string(provider.type());
  throw Error("dependency_not_given", what + " ended without awaiting its yield", 500);
}
void fail_given_twice() { throw Error("misuse", "A dependency awaits its yield once", 500); }

Task<> HeldOpening::run(void* value) {
  if (std::exchange(used_, true)) fail_given_twice();
  value_ = value;
  settled_.set();
  co_await ended_.wait();
}

Task<bool> HeldOpening::opened() {
  co_await settled_.wait();
  if (failure_) std::rethrow_exception(failure_);
  if (!used_ && was_run_) fail_not_given(*provider_);
  co_return used_;
}

Task<> HeldOpening::close() {
  ended_.set();
  co_await closed_.wait();
}

Task<> hold_open(std::shared_ptr<HeldOpening> opening, std::shared_ptr<const Provider> provider, Request& request,
                 const std::vector<void*>& shared) {
  std::exception_ptr late;
  opening->provider_ = provider;
  if (!opening->ended_.is_set()) {
    try {
      opening->was_run_ = co_await provider->open(request, shared, *opening);
    } catch (...) {
      (opening->used_ ? late : opening->failure_) = std::current_exception();
    }
  }
  opening->settled_.set();
  opening->closed_.set();
  if (late) std::rethrow_exception(late);
}

Task<> close_all(HeldOpenings openings) {
  for (; !openings.empty(); openings.pop_back()) co_await openings.back()->close();
}

}  // namespace bailey::web_detail
