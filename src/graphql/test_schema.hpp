// What the tests of the module stand on: documents and schemas from their text, and a schema with a part of every kind.
#pragma once

#include <graphql/types.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace bailey::graphql::test {

// Throws where the text has a fault.
std::unique_ptr<const Document> document_of(std::string_view text);
TypeSystem types_of(std::string_view sdl);

inline constexpr std::string_view card_schema = R"(
type Query implements Titled {
  title: String
  cards(first: Int = 10, where: CardFilter, order: [Order!]): [Card!]!
  card(id: ID!): Card
  owner: Owner
  titled: Titled
  search(text: String!, kinds: [Kind!]): [Found!]
  node(id: ID!): Node
  lookup(by: Lookup): Owner
  values(int: Int, float: Float, text: String, flags: [Boolean!]! = [true], id: ID, color: Color, any: Any): String
}
interface Titled { title: String }
interface Node { id: ID! }
interface Owner implements Node & Titled { id: ID! title: String card: Card }
type Person implements Owner & Node & Titled {
  id: ID! title: String card: Card size: Int name(upper: Boolean): String friends(first: Int): [Person!]
}
type Company implements Owner & Node & Titled {
  id: ID! title: String card: Card size: String! name: String staff(limit: Int): [Person!] seat: Place
}
type Card implements Node { id: ID! color: Color owner: Owner tags: [String!] next: Card views: Int }
type Place { street: String }
union Found = Card | Person | Company
enum Kind { CARD PERSON COMPANY }
enum Color { RED BLUE }
scalar Any
input CardFilter { title: String color: Color and: [CardFilter!] limit: Int! = 5 need: Need }
input Need { id: ID! count: Int }
input Order { by: String! descending: Boolean = false }
input Lookup @oneOf { id: ID title: String }
type Mutation { rename(id: ID!, title: String!): Card }
type Subscription { renamed: Card added(kind: Kind): Found }
directive @traced on QUERY | MUTATION
directive @label(text: String!) repeatable on FIELD | FRAGMENT_DEFINITION | VARIABLE_DEFINITION | INLINE_FRAGMENT
)";

// Of card_schema, made once.
const TypeSystem& card_types();

}  // namespace bailey::graphql::test
