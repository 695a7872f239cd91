#pragma once

#include <bailey/model/json.hpp>
#include "web/docs/assets.hpp"

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace bailey::web_detail {

struct DocsPage {
  std::string html;
  std::string policy;  // its Content-Security-Policy
};

// A page that shows what a program says of itself, put together of files that it loads.
class PageBuilder {
 public:
  struct Settings {
    std::string title;
    std::string assets_link;  // from the page to where its files are: they lie at "{link}/{version}/{name}"
    std::span<const DocsAsset> assets;
  };
  explicit PageBuilder(Settings settings);

  void add_icon(std::string_view name);
  void add_empty_icon();  // else browsers ask for /favicon.ico
  void add_style(std::string_view name);
  void add_script(std::string_view name);
  // What the scripts read: JSON in an element "settings", beside the element "docs" that they fill.
  void add_settings(const json::object& values);
  void connect_to(const std::set<std::string>& origins);
  void allow_workers();
  void allow_fonts_within();

  [[nodiscard]] DocsPage finish() const;

 private:
  struct Source {
    std::string url;
    std::string check = {};    // attributes with its hash
    std::string outside = {};  // what a policy must allow for it
  };
  [[nodiscard]] Source source(std::string_view name) const;

  Settings settings_;
  std::string head_;
  std::string body_;
  std::string scripts_;
  std::string styles_;
  std::string images_;
  std::string connections_;
  std::string more_policy_;
};

// The way from a page to a path of the same site: from "/docs" to "/openapi.json" it is "openapi.json".
[[nodiscard]] std::string relative_link(std::string_view from, std::string_view to);

}  // namespace bailey::web_detail
