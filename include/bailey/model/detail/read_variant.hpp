#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>

#include <bailey/model/detail/alternative_name.hpp>
#include <bailey/model/detail/read.hpp>

// Which alternative of a variant a value is: the first, in their order, that takes it as it is, or else converted; else
// the errors of all, each under its type's name.
//
// Alternatives may contain the variant again, each the same part of the document. Trying them one inside the other
// takes a time exponential in the depth, so it is decided first and read afterwards, and what was decided of a part is
// kept until the outermost variant is read: each part is decided on once for each type it is read as. An array or an
// object that only one alternative can be made of needs no decision. What a value is read for does not matter to a
// decision, so a decided part is passed over, but below a model with checks of the whole object, which look at values:
// such a part is read again for each alternative around it.
namespace bailey::detail {

// The alternatives decided on, by what was asked.
class Decisions {
 public:
  struct Question {
    const json::value* value;
    const void* variant;             // stands for the variant's type
    const Constraints* constraints;  // null where they say nothing of a value's form
    Conversion conversion;
    bool operator==(const Question&) const = default;
  };

  [[nodiscard]] std::optional<std::size_t> find(const Question& question) const {
    const auto found = answers_.find(question);
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(const Question& question, std::size_t alternative) { answers_.emplace(question, alternative); }

 private:
  struct Hash {
    std::size_t operator()(const Question& question) const noexcept {
      std::size_t hash = std::hash<const void*>()(question.value);
      for (const void* part : {question.variant, static_cast<const void*>(question.constraints)}) {
        hash = hash * 31 + std::hash<const void*>()(part);
      }
      return hash * 31 + static_cast<std::size_t>(question.conversion);
    }
  };
  std::unordered_map<Question, std::size_t, Hash> answers_;
};

template <class Variant>
inline constexpr char variant_mark = 0;

constexpr bool is_container(json::kind kind) { return kind == json::kind::array || kind == json::kind::object; }

// Whether a T can be made of an array, or of an object.
template <class T>
constexpr bool takes(json::kind kind) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (is_nullable<T>) {
    return takes<ElementOf<T>>(kind);
  } else if constexpr (shape == Shape::variant) {
    return []<class... Part>(json::kind of, TypeList<Part...>) { return (takes<Part>(of) || ...); }(kind, Parts<T>{});
  } else if constexpr (shape == Shape::json_value) {
    return true;
  } else if constexpr (shape == Shape::list || shape == Shape::array || shape == Shape::json_array) {
    return kind == json::kind::array;
  } else if constexpr (shape == Shape::map || shape == Shape::model || shape == Shape::json_object) {
    return kind == json::kind::object;
  } else {
    return false;
  }
}

template <class... T>
class VariantReader {
 public:
  VariantReader(const Path& path, const json::value& value, const Limits& limits)
      // A value that some alternative may hold as a secret is not shown by the others either.
      : path_((holds_secret<T> || ...) ? path.hidden() : path), value_(value), limits_(limits) {}

  void read_into(Reader& reader, std::variant<T...>& out) const {
    if (const std::size_t only = only_taker(); only != none) return read_only(reader, only, out);
    Decisions own;
    Decisions* const outer = reader.decisions();
    if (outer == nullptr) reader.set_decisions(&own);
    const std::size_t decided = decide(reader, outer != nullptr && is_container(value_.kind()));
    if (decided == none) {
      const bool values_wanted = reader.wants_values();
      reader.want_values(false);
      for (std::size_t i = 0; i < sizeof...(T) && !reader.full(); ++i) read_as(i, reader, out);
      reader.want_values(values_wanted);
    } else if (reader.wants_values()) {
      read_as(decided, reader, out);
    }
    reader.set_decisions(outer);
  }

 private:
  static constexpr std::size_t none = std::variant_npos;

  // The only alternative that an array or object can be made of.
  [[nodiscard]] std::size_t only_taker() const {
    if (!is_container(value_.kind())) return none;
    const std::array<bool, sizeof...(T)> takers{takes<T>(value_.kind())...};
    std::size_t found = none;
    for (std::size_t i = 0; i < takers.size(); ++i) {
      if (!takers[i]) continue;
      if (found != none) return none;
      found = i;
    }
    return found;
  }

  // Read at once; what the others have to say is found out when it fails.
  void read_only(Reader& reader, std::size_t only, std::variant<T...>& out) const {
    ValidationErrors before = reader.take_errors();
    read_as(only, reader, out);
    const bool failed = reader.failed();
    ValidationErrors found = reader.take_errors();
    reader.put_errors(std::move(before));
    if (!failed || reader.is_trial()) return;
    for (std::size_t i = 0; i < sizeof...(T) && !reader.full(); ++i) {
      if (i == only) {
        reader.add_errors(std::exchange(found, {}));
      } else {
        read_as(i, reader, out);
      }
    }
  }

  [[nodiscard]] std::size_t decide(Reader& reader, bool is_asked_again) const {
    const std::size_t as_it_is = decide_under(reader, Conversion::none, is_asked_again);
    if (as_it_is != none || !reader.is_lenient()) return as_it_is;
    return decide_under(reader, Conversion::lenient, is_asked_again);
  }

  [[nodiscard]] std::size_t decide_under(Reader& reader, Conversion conversion, bool is_asked_again) const {
    if (!is_asked_again) return first_that_fits(reader, conversion);
    const Constraints& rules = limits_.constraints;
    const bool is_ruled = rules.on_text() || rules.on_number() || rules.on_items();
    const Decisions::Question question{&value_, &variant_mark<std::variant<T...>>, is_ruled ? &rules : nullptr,
                                       conversion};
    if (const auto known = reader.decisions()->find(question)) return *known;
    const std::size_t found = first_that_fits(reader, conversion);
    reader.decisions()->add(question, found);
    return found;
  }

  [[nodiscard]] std::size_t first_that_fits(Reader& reader, Conversion conversion) const {
    for (std::size_t i = 0; i < sizeof...(T); ++i) {
      Reader trial = reader.trial(conversion, *reader.decisions());
      std::variant<T...> made;
      read_as(i, trial, made);
      if (!trial.failed()) return i;
    }
    return none;
  }

  void read_as(std::size_t index, Reader& reader, std::variant<T...>& out) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto read_if = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
        if (index != Index) return;
        auto& alternative = out.template emplace<Index>();
        const Path here = path_.member(alternative_name<std::remove_cvref_t<decltype(alternative)>>());
        read(reader, here, value_, alternative, limits_);
      };
      (read_if(std::integral_constant<std::size_t, I>{}), ...);
    }(std::index_sequence_for<T...>{});
  }

  Path path_;
  const json::value& value_;
  const Limits& limits_;
};

template <class... T>
void read_variant(Reader& reader, const Path& path, const json::value& value, std::variant<T...>& out,
                  const Limits& limits) {
  VariantReader<T...>(path, value, limits).read_into(reader, out);
}

}  // namespace bailey::detail
