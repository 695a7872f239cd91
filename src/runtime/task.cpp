#include <bailey/runtime/task.hpp>

#include <bailey/base/error.hpp>

namespace bailey::detail {

void fail_awaited_twice() {
  throw Error("misuse", "A task was awaited that has been awaited or moved from already.", 500);
}

}  // namespace bailey::detail
