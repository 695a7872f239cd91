// What a Schema has been told, and the types that it leads to.
#pragma once

#include <bailey/graphql/detail/parts.hpp>
#include <bailey/graphql/schema.hpp>
#include <graphql/document.hpp>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace bailey::graphql {

// What is one type, whichever C++ type it was met as: all times are DateTime.
using TypeIdentity = std::pair<detail::NamedInfo::Kind, detail::TypeKey>;
[[nodiscard]] inline TypeIdentity identity_of(const detail::NamedInfo& info) noexcept { return {info.kind, info.key}; }

struct Schema::Parts {
  SchemaOptions options{};
  std::array<detail::TypeParts, 3> roots{};  // by OperationKind
  std::map<TypeIdentity, detail::TypeParts> types{};
  std::vector<TypeIdentity> order{};  // in which they were met
  std::vector<std::shared_ptr<detail::LoaderCode>> loaders{};
  std::vector<std::function<std::unique_ptr<Extension>()>> extensions{};

  // Described by itself when it is met first.
  detail::TypeParts& of(const detail::NamedInfo& info);
  // Meets all types that those which are there lead to.
  void complete();
};

}  // namespace bailey::graphql
