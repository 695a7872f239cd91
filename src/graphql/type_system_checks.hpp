// The rules that a schema itself must keep (specification of October 2021, section 3: "Type Validation" of each kind).
#pragma once

#include <graphql/types.hpp>

#include <string>
#include <vector>

namespace bailey::graphql {

// Each problem a sentence that names the place; empty where the schema is right. Its types are all known by then.
[[nodiscard]] std::vector<std::string> check_type_system(const TypeSystem& types);

}  // namespace bailey::graphql
