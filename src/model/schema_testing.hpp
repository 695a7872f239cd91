#pragma once

#include <bailey/model/schema.hpp>

#include <vector>

// Types of schema_elsewhere_test.cpp that are spelled as types of schema_test.cpp.
namespace bailey::schema_testing {

// References to the schemas of its Part, its Kind and its Answer.
std::vector<json::object> schemas_elsewhere(SchemaDefinitions& definitions);

}  // namespace bailey::schema_testing
