#pragma once

#include <bailey/base/uuid.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::pg {

// The number PostgreSQL knows a type by (pg_type.oid). 0 lets the server infer it from the place of the parameter.
using TypeId = std::uint32_t;

namespace type {
inline constexpr TypeId inferred = 0, boolean = 16, bytea = 17, int8 = 20, int4 = 23, text = 25, json = 114,
                        float8 = 701, timestamptz = 1184, uuid = 2950, jsonb = 3802;
}

// One bound value of a statement, in PostgreSQL's text form. It is sent apart from the SQL and never becomes part of
// it, so any bytes are safe in it but NUL, which PostgreSQL's texts cannot hold (the statement is then refused with
// 22021).
struct Parameter {
  std::optional<std::string> value;  // nullopt: NULL
  TypeId type = type::inferred;

  Parameter() = default;        // NULL
  Parameter(std::nullopt_t) {}  // NOLINT(google-explicit-constructor): values read as parameters
  Parameter(std::optional<std::string> text, TypeId of = type::inferred) : value(std::move(text)), type(of) {}
  Parameter(std::string text, TypeId of = type::inferred) : value(std::move(text)), type(of) {}
  Parameter(std::string_view text, TypeId of = type::inferred) : value(std::string(text)), type(of) {}
  Parameter(const char* text, TypeId of = type::inferred) : value(std::string(text)), type(of) {}
  // Typed constructors leave the SQL type to the server too (an `int` fits an int2 and a numeric column alike).
  template <class Number>
    requires(std::integral<Number> && !std::same_as<Number, bool> && !std::same_as<Number, char>)
  Parameter(Number number) : value(std::to_string(number)) {}
  template <std::same_as<bool> Bool>
  Parameter(Bool truth) : value(truth ? "t" : "f") {}
  Parameter(double number);  // shortest text that reads back as the same number; NaN and infinities too
  Parameter(const Uuid& uuid) : value(uuid.to_string()) {}

  [[nodiscard]] static Parameter null(TypeId type = type::inferred) { return {std::optional<std::string>{}, type}; }
  [[nodiscard]] static Parameter json(std::string text) { return {std::move(text), type::json}; }
  [[nodiscard]] static Parameter jsonb(std::string text) { return {std::move(text), type::jsonb}; }
  [[nodiscard]] static Parameter bytea(std::span<const std::byte> bytes);

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// One SQL command with its values, `$1` being the first. Made by a developer or a compiler, never from a stranger's
// text.
struct Statement {
  std::string sql;
  std::vector<Parameter> parameters;
  bool prepare = true;  // keep its plan on the connection; false for SQL that will hardly come again

  Statement() = default;
  Statement(std::string text, std::vector<Parameter> values = {},
            bool keep_plan = true)  // NOLINT: reads as a statement
      : sql(std::move(text)), parameters(std::move(values)), prepare(keep_plan) {}
  Statement(const char* text, std::vector<Parameter> values = {}, bool keep_plan = true)  // NOLINT
      : Statement(std::string(text), std::move(values), keep_plan) {}
};

}  // namespace bailey::pg
