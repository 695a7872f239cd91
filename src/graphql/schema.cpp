#include <bailey/graphql/schema.hpp>

#include <graphql/execution/compiled_schema.hpp>
#include <graphql/schema_compiler.hpp>
#include <graphql/schema_parts.hpp>
#include <graphql/schema_printer.hpp>

#include <cstddef>
#include <utility>

namespace bailey::graphql {

using detail::FieldParts;
using detail::InputParts;
using detail::NamedInfo;
using detail::TypeParts;

TypeParts& Schema::Parts::of(const NamedInfo& info) {
  const auto [at, is_new] = types.try_emplace(identity_of(info));
  if (is_new) {
    at->second.info = &info;
    order.push_back(at->first);
    if (info.describe != nullptr) info.describe(at->second);
  }
  return at->second;
}

void Schema::Parts::complete() {
  const auto meet_fields = [this](const TypeParts& parts) {
    for (const FieldParts& field : parts.fields) {
      if (field.is_hidden) continue;
      of(*field.type.named);
      for (const InputParts& argument : field.arguments) of(*argument.type.named);
    }
  };
  for (const TypeParts& root : roots) meet_fields(root);
  for (std::size_t i = 0; i < order.size(); ++i) {  // it grows meanwhile
    const TypeParts& parts = types.at(order[i]);
    meet_fields(parts);
    for (const InputParts& field : parts.input_fields) of(*field.type.named);
    for (const NamedInfo* const interface : parts.interfaces) of(*interface);
    for (const NamedInfo* const member : parts.members) of(*member);
  }
}

Schema::Schema(SchemaOptions options) : parts_(std::make_unique<Parts>()) { parts_->options = std::move(options); }
Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;

void Schema::add_root(Root root, FieldParts field) {
  parts_->roots[static_cast<std::size_t>(root)].fields.push_back(std::move(field));
}

void Schema::add_loader(std::shared_ptr<detail::LoaderCode> loader) { parts_->loaders.push_back(std::move(loader)); }

Schema& Schema::extension(std::function<std::unique_ptr<Extension>()> make) {
  parts_->extensions.push_back(std::move(make));
  return *this;
}

TypeParts& Schema::parts_of(const NamedInfo& info) { return parts_->of(info); }

std::shared_ptr<const CompiledSchema> Schema::compile() const {
  parts_->complete();
  return compile_schema(*parts_);
}

std::string Schema::text() const { return print_schema(compile()->types); }

}  // namespace bailey::graphql
