// GET /admin/users: a page of the users, as GoTrue filters, sorts and counts them.
#include <bailey/base/ascii.hpp>
#include <bailey/query/print.hpp>

#include <charconv>
#include <map>

#include "http/form_text.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/forwarded.hpp"

namespace bailey::stack::auth {
namespace {

// The parameters of a query, decoded; of one given twice the first counts, but for `sort`. In the order of their names,
// as they appear in the links.
using QueryParameters = std::map<std::string, std::vector<std::string>, std::less<>>;

QueryParameters parse_query(std::string_view text) {
  QueryParameters query;
  http::detail::for_each_pair(text, [&](std::string_view name, std::string_view value) {
    std::string key;
    http::detail::decode_form_text(name, key);
    std::string decoded;
    http::detail::decode_form_text(value, decoded);
    query[std::move(key)].push_back(std::move(decoded));
  });
  return query;
}

std::string first_of(const QueryParameters& query, std::string_view name) {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second.front();
}

AuthError invalid(std::string message) { return {400, "validation_failed", std::move(message)}; }

// "" is the default, anything but a whole number of at least `least` is refused.
std::int64_t page_number(const QueryParameters& query, std::string_view name, std::int64_t fallback, std::int64_t least,
                         std::int64_t most) {
  const std::string text = first_of(query, name);
  if (text.empty()) return fallback;
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw invalid("Bad Pagination Parameters: invalid " + std::string(name));
  }
  return value;
}

// `sort=created_at asc`, `desc` being the default: the one column there is an order by. Given several times, the first
// says it all.
std::string_view sort_direction(const QueryParameters& query) {
  const auto given = query.find("sort");
  if (given == query.end()) return "desc";
  std::string_view direction;
  for (const std::string& sort : given->second) {
    const std::size_t blank = sort.find(' ');
    const std::string field = sort.substr(0, blank);
    const std::string word = blank == std::string::npos ? "desc" : ascii::to_lower(sort.substr(blank + 1));
    if (field != "created_at") throw invalid("Bad Sort Parameters: bad field for sort '" + field + "'");
    if (word != "asc" && word != "desc") {
      throw invalid("Bad Sort Parameters: bad direction for sort '" + word + "', only 'asc' and 'desc' allowed");
    }
    if (direction.empty()) direction = word == "asc" ? "asc" : "desc";
  }
  return direction;
}

// The same request for another page.
std::string link(QueryParameters parameters, std::int64_t page, std::string_view relation) {
  parameters["page"] = {std::to_string(page)};
  std::string target;
  for (const auto& [name, values] : parameters) {
    for (const std::string& value : values) {
      target += target.empty() ? '?' : '&';
      target.append(query::percent_encode(name)).append("=").append(query::percent_encode(value));
    }
  }
  return "</admin/users" + target + ">; rel=\"" + std::string(relation) + "\"";
}

struct UserPage {
  std::vector<JsonText> users;
  std::string aud;
};

Task<Reply<UserPage>> list_users(const AuthContext& context, const Request& request, const Administrator&) {
  const QueryParameters query = parse_query(query_of(request));
  const std::string_view direction = sort_direction(query);
  const std::int64_t page = std::max<std::int64_t>(page_number(query, "page", 1, 0, 1'000'000'000), 1);
  const std::int64_t per_page = page_number(query, "per_page", 50, 1, 1'000'000);

  std::vector<pg::Parameter> which{requested_audience(request)};
  std::string condition = "instance_id = '00000000-0000-0000-0000-000000000000' and aud = $1";
  if (const std::string filter = first_of(query, "filter"); !filter.empty()) {
    // A pattern as in GoTrue: % and _ in it stand for what they stand for in LIKE. Addresses are in lower case, and the
    // filter's case counts for them.
    which.emplace_back("%" + filter + "%");
    condition += " and (email like $2 or raw_user_meta_data ->> 'full_name' ilike $2)";
  }
  const std::string bounds =
      " limit $" + std::to_string(which.size() + 1) + " offset $" + std::to_string(which.size() + 2);
  std::vector<pg::Parameter> range = which;
  range.emplace_back(per_page);
  range.emplace_back((page - 1) * per_page);
  std::vector<pg::Statement> statements;
  statements.emplace_back("select count(*) from auth.users where " + condition, which);
  statements.emplace_back("select " + user_columns() + " from auth.users where " + condition + " order by created_at " +
                              std::string(direction) + ", id" + bounds,
                          std::move(range));
  const std::vector<pg::Rows> rows = co_await context.database.run_group(std::move(statements));
  const auto total = rows.at(0).get<std::int64_t>(0, 0);

  UserPage users{.aud = *which.front().value};
  for (std::size_t row = 0; row < rows.at(1).size(); ++row) {
    users.users.push_back(read_user(rows.at(1), row).to_json());
  }
  const std::int64_t last = (total + per_page - 1) / per_page;
  const std::string links = (page < last ? link(query, page + 1, "next") + ", " : "") + link(query, last, "last");
  co_return Reply(std::move(users)).header("X-Total-Count", std::to_string(total)).header("Link", links);
}

}  // namespace

Router user_list_routes() {
  Router routes;
  routes.get("/admin/users", list_users, when_refused("Database error finding users"));
  return routes;
}

}  // namespace bailey::stack::auth
