#pragma once

#include <bailey/graphql/detail/batch.hpp>
#include <bailey/graphql/extension.hpp>
#include <bailey/graphql/type.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {

class CompiledSchema;

struct LoaderOptions {
  std::size_t max_batch_size = 0;  // keys that one call is given; 0: no bound
};

struct SchemaOptions {
  // Whether names of the program's, of fields, arguments and members of input objects, become camelCase: `full_name` is
  // `fullName` to clients. Types and enumerators stay as they are, and so does what has a name of its own.
  bool auto_camel_case = true;
  std::string description = {};
};

// A GraphQL schema out of functions and plain structs: what a query returns, and what its arguments are, is found by
// itself.
//
//   graphql::Schema schema;
//   schema.query("cards", [](const Supabase& supabase) -> Task<std::vector<Card>> { … });
//   schema.mutation("rename_card", [](Arg<"id", Uuid> id, Arg<"name"> name, …) -> Task<std::variant<Card, NotFound>> {
//   … }); app.graphql("/graphql", std::move(schema));
//
// Built by one thread; what is wrong with it is told all at once when it is mounted, or by `compile`.
class Schema {
 public:
  explicit Schema(SchemaOptions options = {});
  ~Schema();
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;

  // A field of the root type for queries, or mutations: see Type::field. Functions that add fields of their own to one
  // schema make one root type together.
  template <class F>
    requires web_detail::PlainCallable<F>
  Schema& query(std::string_view name, F resolver, FieldOptions options = {}) {
    add_root(Root::query, detail::resolver_parts<void>(name, std::move(resolver), std::move(options)));
    return *this;
  }
  template <class F>
    requires web_detail::PlainCallable<F>
  Schema& mutation(std::string_view name, F resolver, FieldOptions options = {}) {
    add_root(Root::mutation, detail::resolver_parts<void>(name, std::move(resolver), std::move(options)));
    return *this;
  }

  // A field of the root type for subscriptions: a coroutine that takes an Emit<T> as its last parameter and emits a T
  // for each event. See emit.hpp.
  template <class F>
    requires web_detail::PlainCallable<F>
  Schema& subscription(std::string_view name, F resolver, FieldOptions options = {}) {
    add_root(Root::subscription, detail::StreamParts<F>::make(name, std::move(resolver), std::move(options)));
    return *this;
  }

  // How a Loader<K, V> loads: a function that takes the keys, each once, as a std::vector<K>, and what handlers take of
  // the app (User, Supabase, what it provides). It returns, at once or as a Task, a std::vector of as many values in
  // the keys' order, whose elements may be std::expected, or a map from keys to values, which may lack some: V is then
  // a std::optional. What it throws is the error of all of its keys.
  template <class Tag = void, class F>
    requires web_detail::PlainCallable<F>
  Schema& loader(F batch, LoaderOptions options = {}) {
    auto code = std::make_shared<detail::BoundBatch<Tag, F>>(std::move(batch));
    code->max_size = options.max_batch_size;
    add_loader(std::move(code));
    return *this;
  }

  // What goes along with each operation; `make` is called for each, by all threads. The first is outermost. Null: with
  // this one goes none. What it throws ends the operation.
  Schema& extension(std::function<std::unique_ptr<Extension>()> make);

  // The type that T is in this schema, to say more of it. The reference is valid until the schema is moved or mounted.
  template <class T>
  [[nodiscard]] Type<T> type() {
    return Type<T>(parts_of(detail::named_output<T>));
  }
  template <class T>
  [[nodiscard]] Type<T> interface_type() {
    return Type<T>(parts_of(detail::named_output<AnyOf<T>>));
  }
  template <class T>
  [[nodiscard]] InputType<T> input() {
    return InputType<T>(parts_of(detail::named_input<T>));
  }
  template <Enumeration E>
  [[nodiscard]] EnumType<E> enumeration() {
    return EnumType<E>(parts_of(detail::named_input<E>));
  }
  // Types that no field leads to: those that implement an interface and are returned as AnyOf alone.
  template <class... T>
  Schema& types() {
    (static_cast<void>(parts_of(detail::named_output<T>)), ...);
    return *this;
  }
  // The name of a union, which without one has the names of its alternatives behind each other.
  template <class Union>
  Schema& name_union(std::string name, std::string description = {}) {
    static_assert(shape_of<Union> == Shape::variant, "A union is a std::variant of plain structs.");
    detail::TypeParts& parts = parts_of(detail::named_output<Union>);
    parts.name = std::move(name);
    parts.description = std::move(description);
    return *this;
  }

  // Throws Error "invalid_schema" with every problem that there is.
  [[nodiscard]] std::shared_ptr<const CompiledSchema> compile() const;
  // The schema's text, in stable order. Throws as `compile`.
  [[nodiscard]] std::string text() const;

  struct Parts;

 private:
  enum class Root : std::uint8_t { query, mutation, subscription };
  void add_root(Root root, detail::FieldParts field);
  void add_loader(std::shared_ptr<detail::LoaderCode> loader);
  [[nodiscard]] detail::TypeParts& parts_of(const detail::NamedInfo& info);

  std::unique_ptr<Parts> parts_;
};

}  // namespace bailey::graphql
