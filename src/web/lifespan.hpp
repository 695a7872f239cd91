#pragma once

#include <bailey/web/request.hpp>
#include "web/openings.hpp"

#include <memory>
#include <span>
#include <vector>

namespace bailey::web_detail {

// What is open as long as an app is served. On one loop, but for the constructor.
class Lifespans {
 public:
  // Those of an app, behind those there are. Throws Error "invalid_dependency" for one that takes what nobody provides
  // for all requests.
  void add(std::span<const std::shared_ptr<const Provider>> lifespans,
           std::span<const std::shared_ptr<const Provider>> providers);

  // Opens all in their order. Throws what one throws, when those before it have been closed again.
  [[nodiscard]] Task<> open();
  [[nodiscard]] Task<> close();
  [[nodiscard]] bool empty() const noexcept { return lifespans_.empty(); }

 private:
  std::vector<std::shared_ptr<const Provider>> lifespans_;
  std::vector<std::vector<void*>> shared_;
  Request nobody_;  // binding asks for one; nothing is read of it
  HeldOpenings open_;
};

}  // namespace bailey::web_detail
