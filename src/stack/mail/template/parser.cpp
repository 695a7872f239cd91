#include "stack/mail/template/parser.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "stack/mail/template/lexer.hpp"

namespace bailey::stack::mail::templates {
namespace {

constexpr std::string_view blanks = " \t\r\n";

constexpr std::array<std::pair<std::string_view, Function>, 13> functions{{{"and", Function::and_},
                                                                           {"or", Function::or_},
                                                                           {"not", Function::not_},
                                                                           {"eq", Function::eq},
                                                                           {"ne", Function::ne},
                                                                           {"lt", Function::lt},
                                                                           {"le", Function::le},
                                                                           {"gt", Function::gt},
                                                                           {"ge", Function::ge},
                                                                           {"len", Function::len},
                                                                           {"index", Function::index},
                                                                           {"print", Function::print},
                                                                           {"println", Function::println}}};

// The variables that are set where the parser is.
class Variables {
 public:
  void add(const std::string& name) { names_.push_back(name); }
  [[nodiscard]] bool knows(const std::string& name) const {
    return name.empty() || std::ranges::find(names_, name) != names_.end();
  }
  [[nodiscard]] std::size_t mark() const noexcept { return names_.size(); }
  void reset(std::size_t mark) { names_.resize(mark); }

 private:
  std::vector<std::string> names_;
};

// One action's content.
class ActionParser {
 public:
  ActionParser(std::string_view text, std::size_t line, Variables& variables, std::size_t depth_limit)
      : lexer_(text, line), variables_(variables), depth_limit_(depth_limit) {
    advance();
  }

  [[nodiscard]] bool takes_word(std::string_view word) {
    if (token_.kind != Token::Kind::word || token_.text != word) return false;
    advance();
    return true;
  }
  [[nodiscard]] const Token& token() const noexcept { return token_; }
  [[noreturn]] void fail(const std::string& why) const { throw Problem(lexer_.line(), why); }

  void require_end() {
    if (token_.kind != Token::Kind::end) fail("something stands behind the end of the action");
  }

  // `may_be_two`: of range, which sets a key as well.
  Pipeline pipeline(bool may_be_two = false) {
    Pipeline result;
    result.line = lexer_.line();
    if (token_.kind == Token::Kind::variable) read_variables(result, may_be_two);
    do {
      result.commands.push_back(command());
    } while (takes(Token::Kind::pipe));
    if (result.declares) {
      for (const std::string& name : result.variables) variables_.add(name);
    }
    return result;
  }

 private:
  void advance() { token_ = ahead_ ? *std::exchange(ahead_, std::nullopt) : lexer_.next(); }

  bool takes(Token::Kind kind) {
    if (token_.kind != kind) return false;
    advance();
    return true;
  }

  // "$name :=", "$name =", "$key, $value :=". What only begins like it is put back.
  void read_variables(Pipeline& result, bool may_be_two) {
    const Token first = token_;
    Token second = lexer_.next();
    if (second.kind == Token::Kind::comma && may_be_two) {
      const Token other = lexer_.next();
      if (other.kind != Token::Kind::variable || lexer_.next().kind != Token::Kind::declare) {
        fail("write {{range $key, $value := …}}");
      }
      result.variables = {first.text, other.text};
      result.declares = true;
    } else if (second.kind == Token::Kind::declare || second.kind == Token::Kind::assign) {
      result.variables = {first.text};
      result.declares = second.kind == Token::Kind::declare;
      if (!result.declares && !variables_.knows(first.text))
        fail("the variable $" + first.text + " is not set: write :=");
    } else {
      ahead_ = std::move(second);
      return;
    }
    for (const std::string& name : result.variables) {
      if (name.empty()) fail("a variable needs a name: $name := …");
    }
    advance();
  }

  Command command() {
    Command result;
    while (token_.kind != Token::Kind::end && token_.kind != Token::Kind::pipe && token_.kind != Token::Kind::close) {
      if (!result.operands.empty() && !token_.follows_blank && token_.kind != Token::Kind::open) {
        fail("a blank is missing between two values");
      }
      result.operands.push_back(operand());
    }
    if (result.operands.empty()) fail("a value is missing: {{ .Email }}");
    for (std::size_t i = 0; i < result.operands.size(); ++i) {
      const bool is_function = std::holds_alternative<Function>(result.operands[i].base);
      if (i == 0 && !is_function && result.operands.size() > 1) {
        fail("values stand beside each other without a function before them, such as eq");
      }
      if (i > 0 && is_function) fail("put a function that is an argument into parentheses");
    }
    return result;
  }

  Operand operand() {
    Operand result;
    switch (token_.kind) {
      case Token::Kind::dot: result.base = Operand::Dot{}; break;
      case Token::Kind::field:
        result.base = Operand::Dot{};
        result.fields.push_back(token_.text);
        break;
      case Token::Kind::variable:
        if (!variables_.knows(token_.text)) fail("the variable $" + token_.text + " is not set before");
        result.base = Operand::Variable{token_.text};
        break;
      case Token::Kind::literal: result.base = Operand::Literal{token_.value}; break;
      case Token::Kind::word: result.base = function(); break;
      case Token::Kind::open: return nested();
      default: fail("a value is missing, or stands in the wrong place");
    }
    advance();
    return with_fields(std::move(result));
  }

  Operand nested() {
    if (++depth_ > depth_limit_) fail("too many parentheses in each other");
    advance();
    Operand result;
    result.base = std::make_shared<const Pipeline>(pipeline());
    if (!takes(Token::Kind::close)) fail("a parenthesis is not closed");
    --depth_;
    return with_fields(std::move(result));
  }

  Operand with_fields(Operand operand) {
    while (token_.kind == Token::Kind::field && !token_.follows_blank) {
      if (std::holds_alternative<Function>(operand.base))
        fail("a function has no fields: put its call into parentheses");
      operand.fields.push_back(token_.text);
      advance();
    }
    return operand;
  }

  Function function() const {
    for (const auto& [name, known] : functions) {
      if (name == token_.text) return known;
    }
    if (token_.text == "html" || token_.text == "urlquery" || token_.text == "js") {
      fail("leave " + token_.text + " out: each value is escaped for the place where it stands");
    }
    std::string names;
    for (const auto& [name, known] : functions) names.append(names.empty() ? "" : ", ").append(name);
    fail("there is no function " + token_.text + "; a field begins with a dot (." + token_.text +
         "), and the functions are " + names);
  }

  Lexer lexer_;
  Token token_;
  std::optional<Token> ahead_;
  Variables& variables_;
  std::size_t depth_limit_;
  std::size_t depth_ = 0;
};

// The whole text: what stands between the actions, and blocks.
class Parser {
 public:
  Parser(std::string_view text, std::size_t first_line, std::size_t depth_limit)
      : text_(text), line_(first_line), depth_limit_(depth_limit) {}

  Nodes run() {
    const End end = block(root_, 0);
    if (end.kind != End::Kind::of_text)
      throw Problem(end.line, "{{end}} or {{else}} stands without an {{if}}, {{with}} or {{range}}");
    return std::move(root_);
  }

 private:
  // What a block ended with; of {{else if …}} the action goes on.
  struct End {
    enum class Kind { of_text, end, else_ };
    Kind kind;
    std::size_t line;
    std::string_view rest;  // behind "else"
  };

  End block(Nodes& nodes, std::size_t depth) {
    if (depth > depth_limit_) throw Problem(line_, "too many blocks in each other");
    for (;;) {
      take_text(nodes);
      if (text_.empty()) return {End::Kind::of_text, line_, {}};
      const std::size_t line = line_;
      const std::string_view action = take_action();
      if (action.starts_with("/*")) continue;
      ActionParser parser(action, line, variables_, depth_limit_);
      if (parser.takes_word("end")) {
        parser.require_end();
        return {End::Kind::end, line, {}};
      }
      if (parser.takes_word("else")) return {End::Kind::else_, line, action.substr(action.find("else") + 4)};
      if (const auto kind = kind_of(parser)) {
        branch(nodes, *kind, parser, line, depth);
        continue;
      }
      refuse_other_words(parser);
      Pipeline pipeline = parser.pipeline();
      parser.require_end();
      nodes.push_back({line, Action{std::move(pipeline), {}}});
    }
  }

  static std::optional<Branch::Kind> kind_of(ActionParser& parser) {
    if (parser.takes_word("if")) return Branch::Kind::if_;
    if (parser.takes_word("with")) return Branch::Kind::with;
    if (parser.takes_word("range")) return Branch::Kind::range;
    return std::nullopt;
  }

  static void refuse_other_words(const ActionParser& parser) {
    if (parser.token().kind == Token::Kind::end) parser.fail("nothing stands between {{ and }}");
    for (const std::string_view word : {"define", "template", "block", "break", "continue"}) {
      if (parser.token().kind == Token::Kind::word && parser.token().text == word) {
        parser.fail("{{" + std::string(word) + "}} is not known here: write its content where it is to stand");
      }
    }
  }

  void branch(Nodes& nodes, Branch::Kind kind, ActionParser& parser, std::size_t line, std::size_t depth) {
    const std::size_t mark = variables_.mark();
    Branch made{kind, parser.pipeline(kind == Branch::Kind::range), {}, {}};
    parser.require_end();
    End end = block(made.body, depth + 1);
    if (end.kind == End::Kind::else_) end = otherwise(made, end, depth);
    if (end.kind != End::Kind::end) throw Problem(line, "{{end}} is missing for this block");
    variables_.reset(mark);
    nodes.push_back({line, std::move(made)});
  }

  End otherwise(Branch& made, const End& else_, std::size_t depth) {
    ActionParser parser(else_.rest, else_.line, variables_, depth_limit_);
    const auto kind = kind_of(parser);
    if (!kind) {
      parser.require_end();
      const End end = block(made.otherwise, depth + 1);
      if (end.kind == End::Kind::else_) throw Problem(end.line, "{{else}} stands twice");
      return end;
    }
    if (*kind != made.kind || *kind == Branch::Kind::range) parser.fail("write {{else if …}} behind {{if}}");
    // {{else if x}}…{{end}} is {{else}}{{if x}}…{{end}}{{end}}, with one end for both.
    Branch inner{*kind, parser.pipeline(), {}, {}};
    parser.require_end();
    End end = block(inner.body, depth + 2);
    if (end.kind == End::Kind::else_) end = otherwise(inner, end, depth + 1);
    made.otherwise.push_back({else_.line, std::move(inner)});
    return end;
  }

  void take_text(Nodes& nodes) {
    std::size_t end = std::min(text_.find("{{"), text_.size());
    std::string_view text = text_.substr(0, end);
    const std::size_t lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    const std::size_t line = line_;
    text_.remove_prefix(end);
    line_ += lines;
    if (trims_next_) text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    trims_next_ = false;
    if (text_.size() > 3 && text_[2] == '-' && blanks.contains(text_[3])) {
      const std::size_t last = text.find_last_not_of(blanks);
      text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    }
    if (!text.empty()) nodes.push_back({line, Text{std::string(text)}});
  }

  // Without its braces and trim marks.
  std::string_view take_action() {
    std::size_t begin = 2;
    if (text_.size() > 3 && text_[2] == '-' && blanks.contains(text_[3])) begin = 3;
    const std::size_t end = end_of_action(begin);
    std::string_view action = text_.substr(begin, end - begin);
    line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(0, end + 2), '\n'));
    text_.remove_prefix(end + 2);
    if (action.size() > 1 && action.ends_with('-') && blanks.contains(action[action.size() - 2])) {
      action.remove_suffix(1);
      trims_next_ = true;
    }
    action.remove_prefix(std::min(action.find_first_not_of(blanks), action.size()));
    if (action.starts_with("/*")) {
      const std::size_t close = action.find("*/");
      const std::string_view behind = close == std::string_view::npos ? action : action.substr(close + 2);
      if (behind.find_first_not_of(blanks) != std::string_view::npos)
        throw Problem(line_, "a comment must end with */}}");
    }
    return action.starts_with("/*") ? action.substr(0, 2) : action;
  }

  // Where its "}}" stands: not one in a text or in a comment.
  [[nodiscard]] std::size_t end_of_action(std::size_t at) const {
    const std::size_t word = text_.find_first_not_of(blanks, at);
    if (word != std::string_view::npos && text_.substr(word).starts_with("/*")) {
      const std::size_t close = text_.find("*/", word);
      const std::size_t end = close == std::string_view::npos ? close : text_.find("}}", close);
      if (end == std::string_view::npos) throw Problem(line_, "a comment is not closed: */}} is missing");
      return end;
    }
    char quote = 0;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (quote != 0) {
        if (c == '\\' && quote == '"') {
          ++at;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '`') {
        quote = c;
      } else if (text_.substr(at).starts_with("}}")) {
        return at;
      } else if (text_.substr(at).starts_with("{{")) {
        break;
      }
    }
    throw Problem(line_, quote != 0 ? "a text in an action is not closed" : "}} is missing");
  }

  std::string_view text_;
  std::size_t line_;
  std::size_t depth_limit_;
  Variables variables_;
  Nodes root_;
  bool trims_next_ = false;
};

class Placer {
 public:
  void place(Nodes& nodes, HtmlContext& context) {
    for (Node& node : nodes) {
      std::visit([&](auto& content) { place(content, node.line, context); }, node.content);
    }
  }

 private:
  static void place(Text& text, std::size_t line, HtmlContext& context) {
    std::string out;
    const std::string_view problem = pass_text(context, text.text, out);
    if (!problem.empty()) {
      const auto lines = std::ranges::count(out, '\n');
      throw Problem(line + static_cast<std::size_t>(lines), std::string(problem));
    }
    text.text = std::move(out);
  }

  static void place(Action& action, std::size_t line, HtmlContext& context) {
    if (!action.pipeline.variables.empty()) return;
    const std::string_view problem = pass_value(context, action.escape);
    if (!problem.empty()) throw Problem(line, std::string(problem));
  }

  void place(Branch& branch, std::size_t line, HtmlContext& context) {
    HtmlContext other = context;
    const HtmlContext before = context;
    place(branch.body, context);
    if (branch.kind == Branch::Kind::range && !(context == before)) {
      HtmlContext again = before;
      if (!join(again, context)) throw Problem(line, "what {{range}} repeats must end where in HTML it begins");
      context = again;
    }
    place(branch.otherwise, other);
    if (!join(context, other)) {
      throw Problem(line, "the branches end in different places of HTML: close a tag or quote where it was opened");
    }
  }
};

}  // namespace

Nodes parse(std::string_view text, std::size_t first_line, std::size_t depth_limit) {
  return Parser(text, first_line, depth_limit).run();
}

void place_values(Nodes& nodes) {
  HtmlContext context;
  Placer().place(nodes, context);
  if (context.state == HtmlContext::State::text) return;
  const std::size_t line = nodes.empty() ? 1 : nodes.back().line;
  throw Problem(line, "the template ends within a tag, an attribute, a comment or an element that is not closed");
}

}  // namespace bailey::stack::mail::templates
