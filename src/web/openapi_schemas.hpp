#pragma once

#include <bailey/model/json.hpp>

namespace bailey::web_detail {

// Models are entered once as they are read and once as they are answered ("Card" and "Card-Output", as
// SchemaDefinitions names them). Where both are the same there is one of them, where one is not used the other has the
// plain name, and what remains is "Card-Input" and "Card-Output". Returns the schemas by name, in order; references in
// `paths` follow.
[[nodiscard]] json::object unite_schemas(json::object schemas, json::object& paths);

}  // namespace bailey::web_detail
