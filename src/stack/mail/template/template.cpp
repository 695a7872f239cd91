// Reading: parser.cpp takes the text apart, then each value is given the escape of its place. Filling in: here, a walk
// over the nodes. Errors of values are texts of ours that tell nothing of the values.
#include "stack/mail/template/template.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "stack/mail/template/html_escape.hpp"
#include "stack/mail/template/parser.hpp"
#include "stack/mail/template/values.hpp"

namespace bailey::stack::mail {
namespace {

using namespace templates;

Error invalid(const std::string& name, std::size_t line, std::string_view why) {
  const std::string place = line == 0 ? name : name + ":" + std::to_string(line);
  return {"invalid_template", place + ": " + std::string(why), 500};
}

class Filler {
 public:
  Filler(const Value& data, const TemplateLimits& limits) : data_(data), limits_(limits) {}

  std::string run(const Nodes& nodes) {
    fill(nodes, data_);
    return std::move(out_);
  }
  [[nodiscard]] std::size_t line() const noexcept { return line_; }

 private:
  void fill(const Nodes& nodes, const Value& dot) {
    for (const Node& node : nodes) {
      line_ = node.line;
      if (++steps_ > limits_.steps) throw ValueProblem("the letter takes too many steps");
      std::visit([&](const auto& content) { fill(content, dot); }, node.content);
      if (out_.size() > limits_.result_bytes) throw ValueProblem("the letter becomes too long");
    }
  }

  void fill(const Text& text, const Value& /*dot*/) { out_ += text.text; }

  void fill(const Action& action, const Value& dot) {
    const Value value = evaluate(action.pipeline, dot);
    if (!action.pipeline.variables.empty()) return;
    std::string text;
    append_text(text, value);
    append_escaped(out_, text, action.escape);
  }

  void fill(const Branch& branch, const Value& dot) {
    const std::size_t mark = variables_.size();
    if (branch.kind == Branch::Kind::range) {
      loop(branch, dot);
    } else {
      const Value value = evaluate(branch.pipeline, dot);
      const bool holds = is_true(value);
      fill(holds ? branch.body : branch.otherwise, holds && branch.kind == Branch::Kind::with ? value : dot);
    }
    variables_.resize(mark);
  }

  void loop(const Branch& branch, const Value& dot) {
    const Value value = evaluate(branch.pipeline, dot);
    const std::size_t first_variable =
        variables_.size() - (branch.pipeline.declares ? branch.pipeline.variables.size() : 0);
    const auto round = [&](const Value& key, const Value& element) {
      if (++steps_ > limits_.steps) throw ValueProblem("the letter takes too many steps");
      variables_.resize(first_variable);
      const auto& names = branch.pipeline.variables;
      if (names.size() == 2) variables_.emplace_back(names[0], key);
      if (!names.empty()) variables_.emplace_back(names.back(), element);
      fill(branch.body, element);
    };
    if (!is_true(value)) return fill(branch.otherwise, dot);
    if (value.is_array()) {
      std::int64_t index = 0;
      for (const Value& element : value.get_array()) round(index++, element);
    } else if (value.is_object()) {
      std::map<std::string_view, const Value*> sorted;
      for (const auto& [key, element] : value.get_object()) sorted.emplace(key, &element);
      for (const auto& [key, element] : sorted) round(boost::json::string(key), *element);
    } else {
      throw ValueProblem("range is asked of something that has no elements");
    }
  }

  Value evaluate(const Pipeline& pipeline, const Value& dot) {
    std::vector<Value> last;
    for (const Command& command : pipeline.commands) {
      Value value = evaluate(command, dot, std::move(last));
      last.clear();
      last.push_back(std::move(value));
    }
    Value value = std::move(last.front());
    if (pipeline.declares) {
      for (const std::string& name : pipeline.variables) variables_.emplace_back(name, value);
    } else if (!pipeline.variables.empty()) {
      variable(pipeline.variables.front()) = value;
    }
    return value;
  }

  // `last`: what the command before in the pipeline has made, if there is one: the last argument.
  Value evaluate(const Command& command, const Value& dot, std::vector<Value> last) {
    const auto* const function = std::get_if<Function>(&command.operands.front().base);
    if (function == nullptr) {
      if (!last.empty()) throw ValueProblem("a pipeline leads into something that is no function");
      return evaluate(command.operands.front(), dot);
    }
    const bool is_and = *function == Function::and_;
    if (is_and || *function == Function::or_) return decide(command, dot, std::move(last), is_and);
    std::vector<Value> arguments;
    for (std::size_t i = 1; i < command.operands.size(); ++i) arguments.push_back(evaluate(command.operands[i], dot));
    for (Value& value : last) arguments.push_back(std::move(value));
    return call(*function, arguments);
  }

  // The first that is false (and) or true (or), or the last.
  Value decide(const Command& command, const Value& dot, std::vector<Value> last, bool is_and) {
    Value value;
    for (std::size_t i = 1; i < command.operands.size(); ++i) {
      value = evaluate(command.operands[i], dot);
      if (is_true(value) != is_and) return value;
    }
    if (command.operands.size() == 1 && last.empty())
      throw ValueProblem("a function has too many or too few arguments");
    return last.empty() ? value : std::move(last.front());
  }

  Value evaluate(const Operand& operand, const Value& dot) {
    if (++steps_ > limits_.steps) throw ValueProblem("the letter takes too many steps");
    Value made;
    const Value* value = &dot;
    if (const auto* const named = std::get_if<Operand::Variable>(&operand.base)) {
      value = named->name.empty() ? &data_ : &variable(named->name);
    } else if (const auto* const literal = std::get_if<Operand::Literal>(&operand.base)) {
      value = &literal->value;
    } else if (const auto* const nested = std::get_if<Operand::Nested>(&operand.base)) {
      made = evaluate(**nested, dot);
      value = &made;
    } else if (const auto* const function = std::get_if<Function>(&operand.base)) {
      made = call(*function, {});
      value = &made;
    }
    for (const std::string& name : operand.fields) value = &field_of(*value, name);
    return *value;
  }

  Value& variable(const std::string& name) {
    for (auto at = variables_.rbegin(); at != variables_.rend(); ++at) {
      if (at->first == name) return at->second;
    }
    throw ValueProblem("a variable is not set");
  }

  const Value& data_;
  const TemplateLimits& limits_;
  std::string out_;
  std::vector<std::pair<std::string, Value>> variables_;
  std::size_t steps_ = 0;
  std::size_t line_ = 0;
};

}  // namespace

struct Template::State {
  std::string name;
  TemplateLimits limits;
  Nodes nodes;
};

Expected<Template> Template::parse(std::string_view text, const std::string& name, std::size_t first_line,
                                   const TemplateLimits& limits) try {
  if (text.size() > limits.text_bytes) return std::unexpected(invalid(name, first_line, "the template is too long"));
  auto state = std::make_shared<State>();
  state->name = name;
  state->limits = limits;
  state->nodes = templates::parse(text, first_line, limits.depth);
  place_values(state->nodes);
  Template made;
  made.state_ = std::move(state);
  return made;
} catch (const Problem& problem) {
  return std::unexpected(invalid(name, problem.line, problem.what()));
}

Expected<std::string> Template::render(const boost::json::object& data) const {
  const Value read = as_go_reads(data);
  Filler filler(read, state_->limits);
  try {
    return filler.run(state_->nodes);
  } catch (const ValueProblem& problem) {
    return std::unexpected(invalid(state_->name, filler.line(), problem.what()));
  }
}

}  // namespace bailey::stack::mail
