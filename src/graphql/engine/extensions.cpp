#include <graphql/engine/extensions.hpp>

#include <graphql/execution/field_error.hpp>

#include <bailey/base/log.hpp>

#include <exception>
#include <ranges>

namespace bailey::graphql {
namespace {

// What an extension throws where nobody can be told.
template <class F>
void or_log(F call) noexcept {
  try {
    call();
  } catch (const std::exception& error) {
    log::error("a GraphQL extension failed", {{"reason", error.what()}});
  } catch (...) {
    log::error("a GraphQL extension failed", {{"reason", "something that is no std::exception"}});
  }
}

}  // namespace

Extensions::Extensions(std::span<const MakeExtension> make) {
  extensions_.reserve(make.size());
  for (const MakeExtension& each : make)
    if (auto extension = each()) extensions_.push_back(std::move(extension));
}

std::optional<ResponseError> Extensions::begin(Phase phase, const OperationView& operation) {
  for (std::size_t i = 0; i < extensions_.size(); ++i) {
    try {
      extensions_[i]->begin(phase, operation);
    } catch (...) {
      ResponseError error = error_of(std::current_exception(), operation.request);
      while (i-- > 0) or_log([&] { extensions_[i]->end(phase, operation); });
      return error;
    }
  }
  return std::nullopt;
}

void Extensions::end(Phase phase, const OperationView& operation) noexcept {
  for (const auto& each : std::views::reverse(extensions_)) or_log([&] { each->end(phase, operation); });
}

void Extensions::begin_field(const Info& info) {
  for (std::size_t i = 0; i < extensions_.size(); ++i) {
    try {
      extensions_[i]->begin_field(info);
    } catch (...) {
      while (i-- > 0) or_log([&] { extensions_[i]->end_field(info); });
      throw;
    }
  }
}
void Extensions::end_field(const Info& info) noexcept {
  for (const auto& each : std::views::reverse(extensions_)) or_log([&] { each->end_field(info); });
}

json::object Extensions::told() noexcept {
  json::object told;
  for (const auto& each : extensions_) or_log([&] { each->add_to(told); });
  return told;
}

}  // namespace bailey::graphql
