#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bailey/model/bound.hpp>
#include <bailey/model/reflect.hpp>

// The rules of a model stand in it:
//
//   struct NewCard {
//     std::string full_name;
//     std::string email;
//
//     static constexpr auto rules() {
//       return bailey::fields(
//           bailey::field<&NewCard::full_name>(bailey::min_length(1), bailey::max_length(120)),
//           bailey::field<&NewCard::email>(bailey::format::email));
//     }
//   };
//
// Whoever sees the struct sees its rules. A member that is called as a rule is (`name`, `pattern`) hides it in there:
// write `bailey::name(…)`.
//
// A struct that cannot be changed, as it is somebody else's, has them beside it, right behind its definition and in the
// same header, so that no source file sees it without them:
//
//   template <> inline constexpr auto bailey::rules<NewCard> = bailey::fields(…);
//
// A rule that names no member, or does not fit the member's type, does not compile.
namespace bailey {

namespace detail {
// Not constexpr on purpose: the compiler names it where a rule is wrong.
inline void a_rule_is_stated_twice_with_different_values() {}
}  // namespace detail

enum class TextFormat : std::uint8_t { none, email, url };

// An example of a value, for the document: a text, a number, or any JSON.
struct Example {
  enum class Kind : std::uint8_t { none, text, number, json };
  Kind kind = Kind::none;
  std::string_view text;
  Bound number;

  [[nodiscard]] constexpr bool set() const { return kind != Kind::none; }
  friend constexpr bool operator==(const Example&, const Example&) = default;
};

// What a value must be beyond its type. Rules on text and numbers reach into optional, Maybe and the items of a list;
// the numbers of items are those of the outermost list or map, whose items may be lists of any length.
struct Constraints {
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

  std::size_t min_length = 0;  // in code points
  std::size_t max_length = unbounded;
  std::size_t min_items = 0;
  std::size_t max_items = unbounded;
  std::string_view pattern;
  TextFormat text_format = TextFormat::none;
  Bound greater_than;
  Bound at_least;
  Bound less_than;
  Bound at_most;
  Bound multiple_of;
  std::size_t max_digits = unbounded;      // of a Decimal
  std::size_t decimal_places = unbounded;  // of a Decimal
  std::string_view wire_name;
  std::string_view description;
  bool has_unique_items = false;
  bool is_stripped = false;
  bool is_secret = false;
  bool is_defaulted = false;
  bool is_not_null = false;
  Example example;
  bool is_deprecated = false;

  [[nodiscard]] constexpr bool on_text() const {
    return min_length > 0 || max_length != unbounded || !pattern.empty() || text_format != TextFormat::none ||
           is_stripped;
  }
  [[nodiscard]] constexpr bool on_number() const {
    return greater_than.set() || at_least.set() || less_than.set() || at_most.set() || multiple_of.set();
  }
  // Whether these are rules on a Decimal alone.
  [[nodiscard]] constexpr bool on_digits() const { return max_digits != unbounded || decimal_places != unbounded; }
  [[nodiscard]] constexpr bool on_items() const { return min_items > 0 || max_items != unbounded || has_unique_items; }

  // Whether the bounds leave any value between them.
  [[nodiscard]] constexpr bool can_be_met() const {
    return min_length <= max_length && min_items <= max_items && allows(at_least, at_most, true) &&
           allows(at_least, less_than, false) && allows(greater_than, at_most, false) &&
           allows(greater_than, less_than, false) && max_digits > 0;
  }
  // Whether numbers can be divided by what they are to be multiples of.
  [[nodiscard]] constexpr bool has_divisor() const { return !multiple_of.set() || multiple_of.as_double() > 0; }

  // Takes further rules on the same value over. What both state must be the same.
  constexpr void merge(const Constraints& more) {
    const auto take = [&](auto Constraints::* rule) {
      const Constraints nothing;
      if (more.*rule == nothing.*rule) return;
      if (this->*rule != nothing.*rule && this->*rule != more.*rule) {
        detail::a_rule_is_stated_twice_with_different_values();
      }
      this->*rule = more.*rule;
    };
    take(&Constraints::min_length);
    take(&Constraints::max_length);
    take(&Constraints::min_items);
    take(&Constraints::max_items);
    take(&Constraints::pattern);
    take(&Constraints::text_format);
    take(&Constraints::greater_than);
    take(&Constraints::at_least);
    take(&Constraints::less_than);
    take(&Constraints::at_most);
    take(&Constraints::multiple_of);
    take(&Constraints::max_digits);
    take(&Constraints::decimal_places);
    take(&Constraints::wire_name);
    take(&Constraints::description);
    take(&Constraints::has_unique_items);
    take(&Constraints::is_stripped);
    take(&Constraints::is_secret);
    take(&Constraints::is_defaulted);
    take(&Constraints::is_not_null);
    take(&Constraints::example);
    take(&Constraints::is_deprecated);
  }

 private:
  // Whether a value fits between two bounds; `both` says that the bounds themselves may. NaN bounds nothing.
  [[nodiscard]] static constexpr bool allows(const Bound& lower, const Bound& upper, bool both) {
    if (!lower.set() || !upper.set()) return true;
    if (lower.kind != Bound::Kind::real && upper.kind != Bound::Kind::real)
      return both ? lower.integer <= upper.integer : lower.integer < upper.integer;
    return both ? lower.as_double() <= upper.as_double() : lower.as_double() < upper.as_double();
  }
};

// The rules, to be given to `field` or, for a lone parameter, to `constraints`.
constexpr auto min_length(std::size_t code_points) {
  return [=](Constraints& c) { c.min_length = code_points; };
}
constexpr auto max_length(std::size_t code_points) {
  return [=](Constraints& c) { c.max_length = code_points; };
}
constexpr auto min_items(std::size_t count) {
  return [=](Constraints& c) { c.min_items = count; };
}
constexpr auto max_items(std::size_t count) {
  return [=](Constraints& c) { c.max_items = count; };
}
// No two items of the list, as they are encoded, are the same.
constexpr void unique_items(Constraints& c) { c.has_unique_items = true; }
// White space around the text is taken off, before the other rules are looked at.
constexpr void strip(Constraints& c) { c.is_stripped = true; }
// A Pattern (pattern.hpp), found anywhere in the text unless it is anchored.
constexpr auto pattern(std::string_view expression) {
  return [=](Constraints& c) { c.pattern = expression; };
}
// Of numbers and Decimals, and of durations, days and times: ge(std::chrono::hours(1)), lt(std::chrono::year(2030) / 1
// / 1).
constexpr auto gt(auto bound) {
  return [=](Constraints& c) { c.greater_than = Bound(bound); };
}
constexpr auto ge(auto bound) {
  return [=](Constraints& c) { c.at_least = Bound(bound); };
}
constexpr auto lt(auto bound) {
  return [=](Constraints& c) { c.less_than = Bound(bound); };
}
constexpr auto le(auto bound) {
  return [=](Constraints& c) { c.at_most = Bound(bound); };
}
constexpr auto multiple_of(auto divisor) {
  return [=](Constraints& c) { c.multiple_of = Bound(divisor); };
}
// Of a Decimal, without the zeros that end it: how many digits at most, and how many of them behind the point. Both
// together leave max_digits - decimal_places before it.
constexpr auto max_digits(std::size_t count) {
  return [=](Constraints& c) { c.max_digits = count; };
}
constexpr auto decimal_places(std::size_t count) {
  return [=](Constraints& c) { c.decimal_places = count; };
}
// The name on the wire, where it is not the member's. Without quotes, backslashes and control characters.
constexpr auto name(std::string_view on_the_wire) {
  return [=](Constraints& c) { c.wire_name = on_the_wire; };
}
constexpr auto description(std::string_view text) {
  return [=](Constraints& c) { c.description = text; };
}
// What a value may look like, for the document: example("Ada"), example(7), example(true); a list or an object as JSON,
// example_json(R"(["red", "blue"])").
constexpr auto example(std::string_view text) {
  return [=](Constraints& c) { c.example = {.kind = Example::Kind::text, .text = text, .number = {}}; };
}
template <class N>
  requires std::is_arithmetic_v<N>
constexpr auto example(N number) {
  return [=](Constraints& c) {
    c.example = {.kind = Example::Kind::number, .text = {}, .number = Bound(+number)};  // of a bool: 0 or 1
  };
}
constexpr auto example_json(std::string_view text) {
  return [=](Constraints& c) { c.example = {.kind = Example::Kind::json, .text = text, .number = {}}; };
}
// The document says that it is better not used any more.
constexpr void deprecated(Constraints& c) { c.is_deprecated = true; }
// The value is never echoed in an error, nor is an object that contains it; encoded it is ten asterisks.
constexpr void secret(Constraints& c) { c.is_secret = true; }
// The member may be missing, and then has the value of its initialiser. C++ cannot see initialisers, so it is said
// here.
constexpr void defaulted(Constraints& c) { c.is_defaulted = true; }
// Of a Maybe or an optional: it may be left out, and is not taken as null. What a PATCH needs for what cannot be empty.
constexpr void not_null(Constraints& c) { c.is_not_null = true; }
// What pydantic's EmailStr and HttpUrl take; the value is given in its normal form, as there: "Ada <a@EXAMPLE.com>" is
// "a@example.com", "HTTPS://exämple.com" is "https://xn--exmple-cua.com/".
namespace format {
constexpr void email(Constraints& c) { c.text_format = TextFormat::email; }
constexpr void url(Constraints& c) { c.text_format = TextFormat::url; }  // absolute, http or https
}  // namespace format

// Returns the rules as one set. A rule stated twice must say the same both times, or it does not compile.
template <class... Rules>
consteval Constraints constraints(Rules... given) {
  Constraints result;
  [[maybe_unused]] const auto add = [&](auto rule) {  // unused where there are none
    Constraints one;
    rule(one);
    result.merge(one);
  };
  (add(given), ...);
  return result;
}

template <class Owner>
struct FieldRule {
  std::string_view member;
  Constraints constraints;
};

// Rules of the whole object.
template <class Owner>
struct CheckRule {
  std::optional<std::string> (*check)(const Owner&) = nullptr;
};
// Of one member, whose address the check is given.
template <class Owner>
struct MemberCheckRule {
  std::string_view member;
  std::optional<std::string> (*check)(void* value) = nullptr;
};
struct ForbidExtra {};
struct MinMembers {
  std::size_t count = 0;
};

// Names that are not members are errors (`extra_forbidden`) instead of being ignored.
constexpr ForbidExtra forbid_extra() { return {}; }
// An object brings this many of its members at least, with null or a value (`too_short`): a PATCH that changes nothing
// is a mistake of its sender's.
constexpr MinMembers min_members(std::size_t count) { return {count}; }

// A check that needs several members, run when each by itself is right. `Function` takes the object and returns
// std::optional<std::string>: nothing, or a sentence for the user (`value_error`). Of several checks each is run, in
// their order, and each sentence is told.
template <auto Function>
consteval auto check() {
  return []<class Owner>(std::optional<std::string> (*function)(const Owner&)) {
    return CheckRule<Owner>{function};
  }(Function);
}

namespace detail {

template <class Pointer>
struct OwnerOf;
template <class Owner, class Member>
struct OwnerOf<Member Owner::*> {
  using type = Owner;
  using Value = Member;
};

struct NoRules {};

template <class Owner, std::size_t N>
struct RuleSet {
  using OwnerType = Owner;
  std::array<FieldRule<Owner>, N> fields{};
  std::size_t count = 0;
  bool forbid_extra = false;
  std::size_t min_members = 0;
  std::array<CheckRule<Owner>, N> checks{};
  std::size_t check_count = 0;
  std::array<MemberCheckRule<Owner>, N> member_checks{};
  std::size_t member_check_count = 0;

  constexpr void add(const FieldRule<Owner>& rule) { fields[count++] = rule; }
  constexpr void add(ForbidExtra) { forbid_extra = true; }
  constexpr void add(MinMembers rule) {
    if (min_members > 0 && min_members != rule.count) a_rule_is_stated_twice_with_different_values();
    min_members = rule.count;
  }
  constexpr void add(CheckRule<Owner> rule) { checks[check_count++] = rule; }
  constexpr void add(const MemberCheckRule<Owner>& rule) { member_checks[member_check_count++] = rule; }
};

template <class Rule>
struct RuleOwner {
  using type = void;
};
template <template <class> class Rule, class Owner>
struct RuleOwner<Rule<Owner>> {
  using type = Owner;
};
template <class... Rules>
struct FirstOwner {
  using type = void;
};
template <class First, class... Rest>
struct FirstOwner<First, Rest...> {
  using own = typename RuleOwner<First>::type;
  using type = std::conditional_t<std::is_void_v<own>, typename FirstOwner<Rest...>::type, own>;
};

}  // namespace detail

// Returns the rules of one member. Several `field`s of one member add up.
template <auto Member, class... Rules>
  requires std::is_member_object_pointer_v<decltype(Member)>
consteval auto field(Rules... given) {
  using Owner = typename detail::OwnerOf<decltype(Member)>::type;
  return FieldRule<Owner>{detail::last_identifier(detail::spell<Member>()), constraints(given...)};
}

// A check of one member, run when its other rules are met, whatever is wrong with other members. `Function` takes the
// member's value, or what an optional or Maybe holds if it holds something, and returns std::optional<std::string>:
// nothing, or a sentence for the user (`value_error` at the member). One that takes a reference may change the value:
// what it leaves is what the program gets.
//   check<&NewCard::slug, is_free>(), check<&NewCard::full_name, trim>()
template <auto Member, auto Function>
  requires std::is_member_object_pointer_v<decltype(Member)>
consteval auto check() {
  using Owner = typename detail::OwnerOf<decltype(Member)>::type;
  using Value = typename detail::OwnerOf<decltype(Member)>::Value;
  return MemberCheckRule<Owner>{
      detail::last_identifier(detail::spell<Member>()), [](void* at) -> std::optional<std::string> {
        Value& value = *static_cast<Value*>(at);
        if constexpr (std::is_invocable_r_v<std::optional<std::string>, decltype(Function), Value&>) {
          return Function(value);
        } else {
          static_assert(
              requires { Function(*value); },
              "A check of a member takes the member's value, and returns a std::optional<std::string>: "
              "nothing, or what is wrong with it.");
          if constexpr (requires { value.has_value(); }) {
            if (!value.has_value()) return std::nullopt;
          } else if (!value) {
            return std::nullopt;
          }
          return Function(*value);
        }
      }};
}

template <class... Rules>
consteval auto fields(Rules... given) {
  using Owner = typename detail::FirstOwner<Rules...>::type;
  static_assert(!std::is_void_v<Owner>, "The rules of a model name at least one of its members.");
  detail::RuleSet<Owner, sizeof...(Rules)> set;
  (set.add(given), ...);
  return set;
}

// The rules of T, a model of somebody else's. Specialise it with `fields(…)` where T is defined, before T is first
// encoded or decoded, `inline constexpr` in a header. A source file that uses T without having seen it reads T without
// rules, and which of two such files decides is up to the linker: one's own structs have a static `rules()` instead.
template <class T>
inline constexpr auto rules = detail::NoRules{};

namespace detail {

template <class T>
inline constexpr bool is_rule_set = false;
template <class Owner, std::size_t N>
inline constexpr bool is_rule_set<RuleSet<Owner, N>> = true;

template <class T>
concept HasRulesObject = requires {
  &T::rules;
  requires is_rule_set<std::remove_cvref_t<decltype(*&T::rules)>>;
};
// A member, or a function that is not static.
template <class T>
concept HasRulesMember = requires { requires std::is_member_pointer_v<decltype(&T::rules)>; };
template <class T>
concept HasRulesFunction = !HasRulesMember<T> && requires { T::rules(); };
// Not static, which would be passed over without a word.
template <class T>
concept HasRulesOfObject = requires(const T& object) {
  requires is_rule_set<decltype(object.rules())>;
  requires !HasRulesFunction<T>;
};

// Whether a T has anything of the name, of whatever access: it is looked for before access is.
struct NamesRules {
  int rules;
};
template <class T>
struct RulesTwice : T, NamesRules {};
template <class T>
concept NamesNoRules = requires { &RulesTwice<T>::rules; };
template <class T>
consteval bool has_unseen_rules() {
  if constexpr (std::is_class_v<T> && !std::is_final_v<T>)
    return !NamesNoRules<T> && !HasRulesObject<T> && !HasRulesFunction<T> && !HasRulesMember<T> && !HasRulesOfObject<T>;
  return false;
}

template <class T>
consteval auto find_rules() {
  static_assert(!has_unseen_rules<T>(), "A struct's rules() is public: static constexpr auto rules().");
  static_assert(!HasRulesOfObject<T>, "A struct's rules() is static: static constexpr auto rules().");
  if constexpr (HasRulesObject<T> || HasRulesFunction<T>) {
    static_assert(std::is_same_v<std::remove_const_t<decltype(rules<T>)>, NoRules>,
                  "The rules of a model stand in it or beside it, not both: T::rules() and bailey::rules<T>.");
  }
  if constexpr (HasRulesObject<T>) {
    return T::rules;
  } else if constexpr (HasRulesFunction<T>) {
    static_assert(is_rule_set<decltype(T::rules())>, "A struct's static rules() returns fields(…).");
    return T::rules();
  } else {
    return rules<T>;
  }
}

// The rules of T, wherever they stand.
template <class T>
inline constexpr auto rules_of = find_rules<T>();

}  // namespace detail

}  // namespace bailey
