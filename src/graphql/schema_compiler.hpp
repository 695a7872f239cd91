#pragma once

#include <graphql/execution/compiled_schema.hpp>
#include <graphql/schema_parts.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace bailey::graphql {

// The schema of parts that are complete. Throws Error "invalid_schema" with every problem that there is.
[[nodiscard]] std::shared_ptr<const CompiledSchema> compile_schema(Schema::Parts& parts);

// `full_name` as `fullName`; underscores in front and behind stay.
[[nodiscard]] std::string camel_case(std::string_view name);

}  // namespace bailey::graphql
