#pragma once

#include <bailey/supabase/pending.hpp>

#include <boost/json/object.hpp>

#include <type_traits>

namespace bailey {

// The filters as methods of a request. `.eq("id", 7)` adds the filter `where::eq("id", 7)`, and so on: filter.hpp tells
// what each takes and throws. A row must meet all filters of a request. To negate one, write `.not_().eq("id", 7)` or
// `.where(not_(where::eq("id", 7)))`.
class FilterMethods {
 public:
  template <class Self>
  decltype(auto) eq(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::eq(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) neq(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::neq(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) gt(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::gt(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) gte(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::gte(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) lt(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::lt(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) lte(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::lte(column, std::move(value)));
  }
  template <class Self, class What>
  decltype(auto) is(this Self&& self, std::string_view column, What what) {  // nullptr, a bool, an Is
    return std::forward<Self>(self).where(bailey::where::is(column, what));
  }
  template <class Self>
  decltype(auto) is_distinct(this Self&& self, std::string_view column, FilterValue value) {
    return std::forward<Self>(self).where(bailey::where::is_distinct(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) like(this Self&& self, std::string_view column, std::string_view pattern) {
    return std::forward<Self>(self).where(bailey::where::like(column, pattern));
  }
  template <class Self>
  decltype(auto) ilike(this Self&& self, std::string_view column, std::string_view pattern) {
    return std::forward<Self>(self).where(bailey::where::ilike(column, pattern));
  }
  template <class Self>
  decltype(auto) like_all_of(this Self&& self, std::string_view column, const std::vector<FilterValue>& patterns) {
    return std::forward<Self>(self).where(bailey::where::like_all_of(column, patterns));
  }
  template <class Self>
  decltype(auto) like_any_of(this Self&& self, std::string_view column, const std::vector<FilterValue>& patterns) {
    return std::forward<Self>(self).where(bailey::where::like_any_of(column, patterns));
  }
  template <class Self>
  decltype(auto) ilike_all_of(this Self&& self, std::string_view column, const std::vector<FilterValue>& patterns) {
    return std::forward<Self>(self).where(bailey::where::ilike_all_of(column, patterns));
  }
  template <class Self>
  decltype(auto) ilike_any_of(this Self&& self, std::string_view column, const std::vector<FilterValue>& patterns) {
    return std::forward<Self>(self).where(bailey::where::ilike_any_of(column, patterns));
  }
  template <class Self>
  decltype(auto) regex_match(this Self&& self, std::string_view column, std::string_view pattern) {
    return std::forward<Self>(self).where(bailey::where::regex_match(column, pattern));
  }
  template <class Self>
  decltype(auto) regex_imatch(this Self&& self, std::string_view column, std::string_view pattern) {
    return std::forward<Self>(self).where(bailey::where::regex_imatch(column, pattern));
  }
  template <class Self>
  decltype(auto) in_(this Self&& self, std::string_view column, const std::vector<FilterValue>& values) {
    return std::forward<Self>(self).where(bailey::where::in_(column, values));
  }
  template <class Self, FilterValues R>
  decltype(auto) in_(this Self&& self, std::string_view column, const R& values) {
    return std::forward<Self>(self).where(bailey::where::in_(column, values));
  }
  template <class Self>
  decltype(auto) contains(this Self&& self, std::string_view column, FilterLiteral value) {
    return std::forward<Self>(self).where(bailey::where::contains(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) contained_by(this Self&& self, std::string_view column, FilterLiteral value) {
    return std::forward<Self>(self).where(bailey::where::contained_by(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) overlaps(this Self&& self, std::string_view column, FilterLiteral value) {
    return std::forward<Self>(self).where(bailey::where::overlaps(column, std::move(value)));
  }
  template <class Self>
  decltype(auto) range_lt(this Self&& self, std::string_view column, FilterLiteral range) {
    return std::forward<Self>(self).where(bailey::where::range_lt(column, std::move(range)));
  }
  template <class Self>
  decltype(auto) range_gt(this Self&& self, std::string_view column, FilterLiteral range) {
    return std::forward<Self>(self).where(bailey::where::range_gt(column, std::move(range)));
  }
  template <class Self>
  decltype(auto) range_gte(this Self&& self, std::string_view column, FilterLiteral range) {
    return std::forward<Self>(self).where(bailey::where::range_gte(column, std::move(range)));
  }
  template <class Self>
  decltype(auto) range_lte(this Self&& self, std::string_view column, FilterLiteral range) {
    return std::forward<Self>(self).where(bailey::where::range_lte(column, std::move(range)));
  }
  template <class Self>
  decltype(auto) range_adjacent(this Self&& self, std::string_view column, FilterLiteral range) {
    return std::forward<Self>(self).where(bailey::where::range_adjacent(column, std::move(range)));
  }
  template <class Self>
  decltype(auto) text_search(this Self&& self, std::string_view column, std::string_view text,
                             TextSearchOptions options = {}) {
    return std::forward<Self>(self).where(bailey::where::text_search(column, text, std::move(options)));
  }
  // Every member of the object must equal the column of that name; null asks for null. An empty object throws "misuse".
  template <class Self>
  decltype(auto) match(this Self&& self, const boost::json::object& columns) {
    return std::forward<Self>(self).where(bailey::where::match(columns));
  }
  // At least one of them holds.
  template <class Self>
  decltype(auto) or_(this Self&& self, std::vector<Filter> filters) {
    return std::forward<Self>(self).where(any_of(std::move(filters)));
  }
  // RAW PostgREST text: "id.eq.1,name.like.a*".
  template <class Self>
  decltype(auto) or_(this Self&& self, std::string_view raw) {
    return std::forward<Self>(self).where(any_of(raw));
  }
  template <class Self>
  void or_(this Self&& self, std::initializer_list<const char*>) = delete;  // one text, or filters
  // The operator and the value RAW, as PostgREST writes them.
  template <class Self>
  decltype(auto) filter(this Self&& self, std::string_view column, std::string_view op, std::string_view value) {
    return std::forward<Self>(self).where(bailey::where::filter(column, op, value));
  }
  template <class Self>
  decltype(auto) not_(this Self&& self, std::string_view column, std::string_view op, std::string_view value) {
    return std::forward<Self>(self).where(bailey::not_(bailey::where::filter(column, op, value)));
  }
};

// The same for a request that can be sent without a filter. The methods change a named request in place and hand a
// temporary one on.
class Filterable : public FilterMethods {
 public:
  using FilterMethods::not_;
  template <class Self>
  Self where(this Self&& self, Filter filter) {
    client_detail::add_filter(client_detail::Access::call(self), std::move(filter));
    return std::forward<Self>(self);
  }
  // Negates the next filter, and only that. A request that ends with it is "misuse" when it is awaited.
  template <class Self>
  Self not_(this Self&& self) {
    client_detail::Access::call(self).negate_next = true;
    return std::forward<Self>(self);
  }
};

namespace client_detail {
template <class>
inline constexpr bool can_be_awaited = false;
}  // namespace client_detail

// An update or delete without a filter, which would change every row: awaiting it does not compile. A filter makes it a
// request, and so does `all_rows()`. Supabase refuses all_rows() (21000) unless the database has safeupdate.enabled
// off; a filter that every row meets, such as `.not_().is("id", nullptr)`, does the same everywhere.
template <class Request>
class [[nodiscard, gnu::warn_unused]] Unfiltered : public FilterMethods {
 public:
  explicit Unfiltered(client_detail::CallPointer call) : call_(std::move(call)) {}

  using FilterMethods::not_;
  template <class Self>
  Request where(this Self&& self, Filter filter) {
    static_assert(!std::is_lvalue_reference_v<Self>,
                  "An update or delete becomes a request with its first filter, in one expression: "
                  "auto request = ….delete_().eq(\"id\", 7); further ones are then added with request.eq(…).");
    client_detail::add_filter(client_detail::Access::call(self), std::move(filter));
    return Request(std::move(self.call_));
  }
  Unfiltered not_() && {
    client_detail::Access::call(*this).negate_next = true;
    return std::move(*this);
  }
  Request all_rows() && {
    (void)client_detail::Access::call(*this);
    return Request(std::move(call_));
  }

  // Never called: `co_await` asks for it, and so the compiler says what is missing.
  template <class Frame>
  auto operator()(Frame* frame) const {
    static_assert(client_detail::can_be_awaited<Frame>,
                  "An update or delete needs a filter, such as .eq(\"id\", 7), or .all_rows() when all are meant.");
    return frame;
  }

 private:
  friend struct client_detail::Access;
  client_detail::CallPointer call_;
};

}  // namespace bailey
