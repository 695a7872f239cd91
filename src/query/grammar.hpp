#pragma once

#include "query/scanner.hpp"

#include <bailey/query/parse.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace bailey::query::detail {

struct OperatorName {
  Operator op;
  std::string_view name;
};

// In the order in which the parser tries them: of two that begin alike the longer comes first.
inline constexpr std::array<OperatorName, 25> operator_names{{
    {Operator::in, "in"},         {Operator::isdistinct, "isdistinct"},
    {Operator::is, "is"},         {Operator::fts, "fts"},
    {Operator::plfts, "plfts"},   {Operator::phfts, "phfts"},
    {Operator::wfts, "wfts"},     {Operator::neq, "neq"},
    {Operator::cs, "cs"},         {Operator::cd, "cd"},
    {Operator::ov, "ov"},         {Operator::sl, "sl"},
    {Operator::sr, "sr"},         {Operator::nxr, "nxr"},
    {Operator::nxl, "nxl"},       {Operator::adj, "adj"},
    {Operator::eq, "eq"},         {Operator::gte, "gte"},
    {Operator::gt, "gt"},         {Operator::lte, "lte"},
    {Operator::lt, "lt"},         {Operator::like, "like"},
    {Operator::ilike, "ilike"},   {Operator::match, "match"},
    {Operator::imatch, "imatch"},
}};

[[nodiscard]] std::string_view name_of(Operator op);
[[nodiscard]] bool takes_quantifier(Operator op);
[[nodiscard]] bool is_text_search(Operator op);

inline constexpr std::array<std::pair<Is, std::string_view>, 5> is_value_names{{{Is::null, "null"},
                                                                                {Is::not_null, "not_null"},
                                                                                {Is::true_, "true"},
                                                                                {Is::false_, "false"},
                                                                                {Is::unknown, "unknown"}}};

// What one request has used up of its limits.
struct Budget {
  const Limits& limits;
  std::size_t filters = 0;
};

// One query parameter that is no select, columns, on_conflict, order, limit or offset. `key` and `text` are decoded.
[[nodiscard]] std::expected<Filter, RestError> read_filter(std::string_view key, std::string_view text, Budget& budget);

// The parameter `key`=`text` whose key ends in and/or: `or`, `not.and`.
[[nodiscard]] std::expected<Filter, RestError> read_logic_parameter(std::string_view key, std::string_view text,
                                                                    Budget& budget);

[[nodiscard]] std::expected<std::vector<std::string>, RestError> read_names(std::string_view what,
                                                                            std::string_view text,
                                                                            const Limits& limits);

[[nodiscard]] RestError not_embedded(std::string_view name);
[[nodiscard]] RestError not_implemented(std::string_view what);
[[nodiscard]] RestError too_many(std::string_view what, std::size_t limit);

}  // namespace bailey::query::detail
