#include "web/shared_objects.hpp"

#include <bailey/base/error.hpp>

#include <algorithm>
#include <string>

namespace bailey::web_detail {

std::vector<void*> shared_objects(std::string_view who, std::span<const Need> needs,
                                  std::span<const std::shared_ptr<const Provider>> providers) {
  std::vector<void*> objects;
  for (const Need& need : needs) {
    const auto provider = std::ranges::find_if(providers, [&](const auto& each) { return each->key() == need.key; });
    const std::string asked = std::string(who) + " takes " + std::string(need.type);
    if (provider == providers.end() || (*provider)->kind() != Provider::Kind::shared) {
      throw Error("invalid_dependency", asked +
                                            ", which nothing provides for all requests: app.provide(value) or "
                                            "app.provide(std::ref(object))");
    }
    if (need.access == Need::Access::change && !(*provider)->is_mutable())
      throw Error("invalid_dependency", asked + "& but all share it: provide std::ref(…)");
    objects.push_back((*provider)->object());
  }
  return objects;
}

}  // namespace bailey::web_detail
