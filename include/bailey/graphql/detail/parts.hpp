#pragma once

#include <bailey/graphql/detail/run.hpp>
#include <bailey/model/json.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a schema is put together from, type by type, before it is checked and never changes again. Types are told apart
// by what C++ knows them as.
namespace bailey::graphql::detail {

struct TypeParts;

// A named type of a schema, of a C++ type in one role.
struct NamedInfo {
  enum class Kind : std::uint8_t { built_in, scalar, enumeration, object, interface, union_type, input_object };
  Kind kind = Kind::object;
  TypeKey key = nullptr;  // of the C++ type
  std::uint32_t built_in = 0;
  std::string (*name)() = nullptr;
  void (*describe)(TypeParts& parts) = nullptr;
};

// A named type in lists and non-nulls; `wrappers` are TypeRef's.
struct TypeUse {
  const NamedInfo* named = nullptr;
  std::uint32_t wrappers = 0;
};

// A name of the program's, which a schema with camel case changes, or one that stays.
struct NameParts {
  std::string text{};
  bool stays = false;
};

struct InputParts {
  NameParts name{};
  std::string source_name{};  // what it is in the coerced value
  std::string description{};
  TypeUse type{};
  std::string default_json{};  // empty: none
  std::optional<std::string> deprecation_reason{};
};

// Whether a field may be resolved for who asks: see allow().
class PermissionCode;
using PermissionList = std::vector<std::shared_ptr<PermissionCode>>;

struct FieldParts {
  NameParts name{};
  std::string description{};
  std::optional<std::string> deprecation_reason{};
  TypeUse type{};
  std::vector<InputParts> arguments{};
  std::shared_ptr<FieldCode> code{};
  std::uint32_t cost = 1;
  std::vector<std::string> size_arguments{};
  std::optional<std::vector<std::string>> uses{};  // of a resolver: members of the object; nothing: any
  PermissionList permissions{};
  bool is_hidden = false;
};

struct ValueParts {
  std::string name{};
  std::string source_name{};
  std::string description{};
  std::optional<std::string> deprecation_reason{};
};

struct TypeParts {
  const NamedInfo* info = nullptr;
  std::string name{};  // empty: what its info says
  std::string description{};
  std::vector<FieldParts> fields{};            // of an object or an interface
  std::vector<const NamedInfo*> interfaces{};  // that it implements
  std::vector<const NamedInfo*> members{};     // of a union
  std::vector<ValueParts> values{};            // of an enumeration
  std::vector<InputParts> input_fields{};      // of an input object
  bool is_one_of = false;                      // of an input object
  std::string specified_by_url{};              // of a scalar
  std::function<std::expected<void, std::string>(const json::value&)> accepts{};
  PermissionList permissions{};         // of every field of it
  std::vector<std::string> problems{};  // of how it was put together
};

}  // namespace bailey::graphql::detail
