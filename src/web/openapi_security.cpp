// In OpenAPI the members of a requirement are all asked for, and of several requirements one is enough. So what a
// route's schemes say is multiplied out: one that may be missing gives each requirement a form without it, and one that
// can be had by signing in a form with that instead.
#include "web/openapi_security.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace bailey::web_detail {

json::array SecuritySchemes::requirements(const RouteInfo& route) {
  std::vector<json::object> all{{}};
  for (const SecurityInfo& each : route.security) {
    std::vector<std::string> names{enter(each)};
    if (each.signs_in && !sign_in_url_.empty()) {
      names.emplace_back(sign_in_name);
      schemes_.try_emplace(
          std::string(sign_in_name),
          json::object{{"type", "oauth2"},
                       {"description",
                        "Signs in by e-mail address (as the username) and password. The client's "
                        "fields stay empty."},
                       {"flows", json::object{{"password", json::object{{"tokenUrl", sign_in_url_},
                                                                        {"scopes", json::object()}}}}}});
    }
    json::array scopes(each.scopes.begin(), each.scopes.end());
    for (const std::string& scope : route.scopes)
      if (std::ranges::find(each.scopes, scope) == each.scopes.end()) scopes.emplace_back(scope);

    std::vector<json::object> more;
    for (const json::object& requirement : all) {
      for (const std::string& name : names) {
        need(name, scopes);
        json::object with = requirement;
        with[name] = scopes;
        more.push_back(std::move(with));
      }
    }
    if (!each.is_required) more.insert(more.end(), all.begin(), all.end());
    all = std::move(more);
  }
  if (route.security.empty()) return {};
  json::array list;
  for (json::object& each : all) list.push_back(std::move(each));
  return list;
}

// Two schemes of one name that say different things are two.
const std::string& SecuritySchemes::enter(const SecurityInfo& info) {
  const auto [known, is_new] = names_.try_emplace(info.name + json::serialize(info.scheme));
  if (is_new) {
    std::string name = info.name;
    for (int i = 2; schemes_.contains(name); ++i) name = info.name + '_' + std::to_string(i);
    schemes_[name] = info.scheme;
    known->second = std::move(name);
  }
  return known->second;
}

// An OAuth2 scheme lists every scope that is asked for anywhere.
void SecuritySchemes::need(const std::string& name, const json::array& scopes) {
  json::value* const flows = schemes_[name].if_contains("flows");
  if (flows == nullptr || !flows->is_object()) return;
  for (auto& flow : flows->get_object()) {
    json::value& listed = flow.value().as_object()["scopes"];
    if (!listed.is_object()) listed.emplace_object();
    for (const json::value& scope : scopes) listed.get_object().emplace(scope.as_string(), "");
  }
}

json::object SecuritySchemes::take() {
  json::object result;
  // First, as it is the easiest for whoever tries the API out.
  if (const auto found = schemes_.find(std::string(sign_in_name)); found != schemes_.end())
    result[found->first] = found->second;
  for (auto& [name, scheme] : schemes_) result.emplace(name, std::move(scheme));
  return result;
}

}  // namespace bailey::web_detail
