#pragma once

#include <bailey/web/dependency.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// The objects that something of the app's needs beside requests, by its needs' order. Throws Error
// "invalid_dependency", which begins with `who` ("A lifespan"), for what nobody provides for all requests.
[[nodiscard]] std::vector<void*> shared_objects(std::string_view who, std::span<const Need> needs,
                                                std::span<const std::shared_ptr<const Provider>> providers);

}  // namespace bailey::web_detail
