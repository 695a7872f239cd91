#pragma once

#include <bailey/model/json.hpp>
#include <bailey/web/route_info.hpp>

#include <map>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// The security schemes of a document, and what each operation asks for of them.
class SecuritySchemes {
 public:
  // What the scheme is called that stands for a guard's own sign-in by e-mail address and password.
  static constexpr std::string_view sign_in_name = "sign_in";

  // With an empty URL there is no such sign-in.
  explicit SecuritySchemes(std::string sign_in_url) : sign_in_url_(std::move(sign_in_url)) {}

  // What an operation asks for: a list of objects, each of which is enough, with all schemes that it takes.
  [[nodiscard]] json::array requirements(const RouteInfo& route);
  [[nodiscard]] json::object take();

 private:
  [[nodiscard]] const std::string& enter(const SecurityInfo& info);
  void need(const std::string& name, const json::array& scopes);

  std::string sign_in_url_;
  std::map<std::string, json::object> schemes_;
  std::map<std::string, std::string> names_;  // by what a scheme is called and says
};

}  // namespace bailey::web_detail
