#include <graphql/type_node.hpp>

#include <algorithm>
#include <vector>

namespace bailey::graphql {

const TypeNode& innermost(const TypeNode& node) noexcept {
  const TypeNode* named = &node;
  while (named->kind != TypeNode::Kind::named) named = named->of;
  return *named;
}

TypeRef type_from_node(const TypeSystem& types, const TypeNode& node) {
  // Wrapped from the inside out.
  std::vector<TypeNode::Kind> wrappers;
  for (const TypeNode* rest = &node; rest->kind != TypeNode::Kind::named; rest = rest->of)
    wrappers.push_back(rest->kind);
  const NamedType* const named = types.find(innermost(node).name);
  if (named == nullptr || wrappers.size() > TypeRef::max_wrappers) return {};
  TypeRef type{.named = named->id};
  for (std::size_t i = wrappers.size(); i-- > 0;)
    type = wrappers[i] == TypeNode::Kind::list ? type.list() : type.non_null();
  return type;
}

std::string print_type(const TypeNode& node) {
  std::string before, after;
  const TypeNode* rest = &node;
  for (; rest->kind != TypeNode::Kind::named; rest = rest->of) {
    if (rest->kind == TypeNode::Kind::list) before += '[';
    after += rest->kind == TypeNode::Kind::list ? ']' : '!';
  }
  std::ranges::reverse(after);
  return before + std::string(rest->name) + after;
}

}  // namespace bailey::graphql
