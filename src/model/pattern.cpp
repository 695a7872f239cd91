// Regular expressions in linear time, after Thompson: the expression becomes a small machine, and all its states are
// followed at once while the text is read, once. Each state is entered at most once a character, so the cost is states
// times characters, whatever the two are. Sub-matches are not recorded: only "does it match" is asked here.
#include <bailey/model/pattern.hpp>

#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace bailey {
namespace {

using Instruction = Pattern::Instruction;
using Range = Pattern::Range;
using Step = Pattern::Step;

constexpr std::size_t state_limit = 2000;
constexpr unsigned repeat_limit = 1000;
constexpr int depth_limit = 50;

constexpr std::array<Range, 1> digit_ranges = {{{U'0', U'9'}}};
constexpr std::array<Range, 4> word_ranges = {{{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}}};
constexpr std::array<Range, 2> space_ranges = {{{U'\t', U'\r'}, {U' ', U' '}}};

// Parses by recursive descent and emits instructions backwards: each piece is compiled knowing what follows it, so
// there is nothing to patch but loops. A piece is kept as a tree, because repetition compiles it several times.
struct Node {
  enum class Kind { empty, set, begin, end, sequence, choice, repeat };
  Kind kind = Kind::empty;
  bool negated = false;
  std::vector<Range> ranges;
  std::vector<Node> children;
  unsigned least = 0;
  std::optional<unsigned> most;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Node parse() {
    Node node = choice(0);
    if (at_ != text_.size()) refuse("it has a closing parenthesis too many");
    return node;
  }

 private:
  [[noreturn]] static void refuse(const char* reason) {
    throw std::invalid_argument(std::string("The pattern cannot be used: ") + reason + ".");
  }

  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] bool sees(char c) const { return !done() && text_[at_] == c; }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }

  Node choice(int depth) {
    if (depth > depth_limit) refuse("it is nested too deep");
    Node node{.kind = Node::Kind::choice};
    do {
      node.children.push_back(sequence(depth));
    } while (take('|'));
    if (node.children.size() > 1) return node;
    Node only = std::move(node.children.front());
    return only;
  }

  Node sequence(int depth) {
    Node node{.kind = Node::Kind::sequence};
    while (!done() && !sees('|') && !sees(')')) node.children.push_back(repeated(depth));
    return node;
  }

  Node repeated(int depth) {
    Node node = atom(depth);
    while (!done()) {
      Node repeat{.kind = Node::Kind::repeat};
      if (take('*')) {
      } else if (take('+')) {
        repeat.least = 1;
      } else if (take('?')) {
        repeat.most = 1;
      } else if (!counted(repeat)) {
        break;
      }
      take('?');  // lazy or greedy: the same question
      repeat.children.push_back(std::move(node));
      node = std::move(repeat);
    }
    return node;
  }

  // {m} {m,} {m,n}; a brace that does not look like that is a literal.
  bool counted(Node& repeat) {
    if (!sees('{')) return false;
    const std::size_t start = at_++;
    const auto least = number();
    repeat.most = least;
    if (least && take(',')) {
      repeat.most = number();
      if (repeat.most && *repeat.most < *least) refuse("a repetition has its bounds the wrong way round");
    }
    if (!least || !take('}')) {
      at_ = start;
      repeat.most.reset();
      return false;
    }
    repeat.least = *least;
    return true;
  }

  std::optional<unsigned> number() {
    if (done() || text_[at_] < '0' || text_[at_] > '9') return std::nullopt;
    unsigned value = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
      if (value > repeat_limit) refuse("it repeats something too often");
    }
    return value;
  }

  Node atom(int depth) {
    if (take('(')) {
      if (take('?') && !take(':')) refuse("look-around, named groups and flags are not supported");
      Node inner = choice(depth + 1);
      if (!take(')')) refuse("a parenthesis is not closed");
      return inner;
    }
    if (take('^')) return {.kind = Node::Kind::begin};
    if (take('$')) return {.kind = Node::Kind::end};
    if (take('.')) return {.kind = Node::Kind::set, .negated = true, .ranges = {{U'\n', U'\n'}}};
    if (take('[')) return bracket();
    if (take('\\')) return escape();
    if (sees('*') || sees('+') || sees('?')) refuse("a repetition has nothing to repeat");
    const char32_t c = detail::next_code_point(text_, at_);
    return {.kind = Node::Kind::set, .ranges = {{c, c}}};
  }

  Node escape() {
    if (done()) refuse("it ends with a backslash");
    const char c = text_[at_];
    if (const auto ranges = class_ranges(c); !ranges.empty()) {
      ++at_;
      return {.kind = Node::Kind::set, .negated = c >= 'A' && c <= 'Z', .ranges = {ranges.begin(), ranges.end()}};
    }
    const char32_t literal = escaped_literal();
    return {.kind = Node::Kind::set, .ranges = {{literal, literal}}};
  }

  static std::span<const Range> class_ranges(char c) {
    switch (c) {
      case 'd':
      case 'D': return digit_ranges;
      case 'w':
      case 'W': return word_ranges;
      case 's':
      case 'S': return space_ranges;
      default: return {};
    }
  }

  char32_t escaped_literal() {
    const char c = text_[at_];
    switch (c) {
      case 'n': ++at_; return U'\n';
      case 'r': ++at_; return U'\r';
      case 't': ++at_; return U'\t';
      case 'f': ++at_; return U'\f';
      case 'v': ++at_; return U'\v';
      default: break;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      refuse("an escape is not supported (word boundaries and back-references are not)");
    }
    return detail::next_code_point(text_, at_);
  }

  Node bracket() {
    Node node{.kind = Node::Kind::set};
    node.negated = take('^');
    bool first = true;
    while (true) {
      if (done()) refuse("a bracket is not closed");
      if (!first && take(']')) break;
      first = false;
      if (sees('\\') && at_ + 1 < text_.size()) {
        if (const auto ranges = class_ranges(text_[at_ + 1]); !ranges.empty()) {
          if (text_[at_ + 1] < 'a') refuse("a negated class stands inside brackets");
          at_ += 2;
          node.ranges.insert(node.ranges.end(), ranges.begin(), ranges.end());
          continue;
        }
      }
      const char32_t from = bracket_literal();
      char32_t to = from;
      if (sees('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        to = bracket_literal();
        if (to < from) refuse("a range in brackets runs backwards");
      }
      node.ranges.push_back({from, to});
    }
    return node;
  }

  char32_t bracket_literal() {
    if (!take('\\')) return detail::next_code_point(text_, at_);
    if (done()) refuse("a bracket is not closed");
    return escaped_literal();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Compiler {
 public:
  // The index of an instruction that matches the node and goes on to `next`.
  std::uint32_t compile(const Node& node, std::uint32_t next) {
    switch (node.kind) {
      case Node::Kind::empty: return next;
      case Node::Kind::begin: return emit({.step = Step::begin, .next = next, .ranges = {}});
      case Node::Kind::end: return emit({.step = Step::end, .next = next, .ranges = {}});
      case Node::Kind::set:
        return emit({.step = node.negated ? Step::none_of : Step::one_of, .next = next, .ranges = node.ranges});
      case Node::Kind::sequence:
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) next = compile(*child, next);
        return next;
      case Node::Kind::choice: {
        std::uint32_t entry = compile(node.children.back(), next);
        for (auto child = node.children.rbegin() + 1; child != node.children.rend(); ++child) {
          const std::uint32_t first = compile(*child, next);
          entry = emit({.step = Step::split, .next = first, .other = entry, .ranges = {}});
        }
        return entry;
      }
      case Node::Kind::repeat: return compile_repeat(node, next);
    }
    return next;
  }

  std::uint32_t emit(Instruction instruction) {
    if (program_.size() >= state_limit) throw std::invalid_argument("The pattern cannot be used: it is too large.");
    program_.push_back(std::move(instruction));
    return static_cast<std::uint32_t>(program_.size() - 1);
  }

  std::vector<Instruction> take() { return std::move(program_); }

 private:
  std::uint32_t compile_repeat(const Node& node, std::uint32_t next) {
    const Node& child = node.children.front();
    if (!node.most) {
      const std::uint32_t loop = emit({.step = Step::split, .other = next, .ranges = {}});
      const std::uint32_t body = compile(child, loop);
      program_[loop].next = body;
      next = loop;
    } else {
      const std::uint32_t after = next;
      for (unsigned i = node.least; i < *node.most; ++i) {
        const std::uint32_t body = compile(child, next);
        next = emit({.step = Step::split, .next = body, .other = after, .ranges = {}});
      }
    }
    for (unsigned i = 0; i < node.least; ++i) next = compile(child, next);
    return next;
  }

  std::vector<Instruction> program_;
};

// The states the machine is in, each once: `order_` lists them, `seen_` says which are in it.
class StateSet {
 public:
  explicit StateSet(std::size_t size) : seen_(size, false) {}

  void clear() {
    for (const std::uint32_t state : order_) seen_[state] = false;
    order_.clear();
  }
  bool insert(std::uint32_t state) {
    if (seen_[state]) return false;
    seen_[state] = true;
    order_.push_back(state);
    return true;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& states() const { return order_; }

 private:
  std::vector<bool> seen_;
  std::vector<std::uint32_t> order_;
};

bool contains(const std::vector<Range>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return range.first <= c && c <= range.last; });
}

}  // namespace

Pattern::Pattern(std::string_view expression) {
  if (!detail::is_utf8(expression)) throw std::invalid_argument("The pattern cannot be used: it is not UTF-8.");
  Compiler compiler;
  const std::uint32_t match = compiler.emit({.step = Step::match, .ranges = {}});
  start_ = compiler.compile(Parser(expression).parse(), match);
  program_ = compiler.take();
}

bool Pattern::found_in(std::string_view text) const {
  StateSet now(program_.size());
  StateSet then(program_.size());
  std::vector<std::uint32_t> pending;
  // Adds a state and all it leads to without reading; true when the match is among them.
  const auto enter = [&](StateSet& set, std::uint32_t entry, bool at_begin, bool at_end) {
    pending.push_back(entry);
    bool matched = false;
    while (!pending.empty()) {
      const std::uint32_t state = pending.back();
      pending.pop_back();
      if (!set.insert(state)) continue;
      const Instruction& instruction = program_[state];
      switch (instruction.step) {
        case Step::match: matched = true; break;
        case Step::split:
          pending.push_back(instruction.other);
          pending.push_back(instruction.next);
          break;
        case Step::begin:
          if (at_begin) pending.push_back(instruction.next);
          break;
        case Step::end:
          if (at_end) pending.push_back(instruction.next);
          break;
        case Step::one_of:
        case Step::none_of: break;
      }
    }
    return matched;
  };

  if (enter(now, start_, true, text.empty())) return true;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = detail::next_code_point(text, at);
    const bool at_end = at == text.size();
    then.clear();
    for (const std::uint32_t state : now.states()) {
      const Instruction& instruction = program_[state];
      const bool reads = instruction.step == Step::one_of || instruction.step == Step::none_of;
      if (!reads || contains(instruction.ranges, c) != (instruction.step == Step::one_of)) continue;
      if (enter(then, instruction.next, false, at_end)) return true;
    }
    if (enter(then, start_, false, at_end)) return true;  // a match may begin anywhere
    std::swap(now, then);
  }
  return false;
}

}  // namespace bailey
