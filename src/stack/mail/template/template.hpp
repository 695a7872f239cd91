#pragma once

#include <bailey/base/error.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bailey::stack::mail {

// What a template may cost.
struct TemplateLimits {
  std::size_t text_bytes = std::size_t{512} * 1024;     // of the template
  std::size_t depth = 32;                               // of blocks and parentheses in each other
  std::size_t result_bytes = std::size_t{1024} * 1024;  // of what it is made into
  std::size_t steps = 200'000;                          // actions and loop rounds of one rendering
};

// A template in the language of Go's html/template, as far as GoTrue's users write it: fields ({{ .Data.name }}),
// variables, pipelines, if, else, with, range, and the functions and, or, not, eq, ne, lt, le, gt, ge, len, index and
// print. Values are escaped for the place where they stand, as there: text, attribute, URL, style; a comment of HTML
// is left out, as there, too. What a place does not allow is an error when the template is read, not when it is filled
// in. Immutable; any thread.
class Template {
 public:
  // `name` and `first_line` are for errors: Error "invalid_template", "<name>:<line>: …", with what would be right. A
  // text that is one line of something else, which `name` says, has first_line 0: then none is told.
  [[nodiscard]] static Expected<Template> parse(std::string_view text, const std::string& name,
                                                std::size_t first_line = 1, const TemplateLimits& limits = {});

  // Fills in. Names that are missing in `data` are empty. Error "invalid_template" for what only the values tell.
  [[nodiscard]] Expected<std::string> render(const boost::json::object& data) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;  // shared with copies
};

}  // namespace bailey::stack::mail
