#pragma once

#include <bailey/supabase/filter_methods.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey {

// How rows are sorted by a column.
struct OrderOptions {
  bool descending = false;
  std::optional<bool> nulls_first{};  // unset: PostgreSQL's way, last when ascending and first when descending
};

using Count =
    query::Preferences::Count;  // exact, by counting; planned, by the planner; estimated, by whichever is cheap

namespace client_detail {
void add_order(Call& call, std::string_view column, OrderOptions options);
void set_range(Call& call, std::int64_t first, std::int64_t last);
void set_limit(Call& call, std::int64_t rows);
void set_offset(Call& call, std::int64_t rows);
void set_returning(Call& call, std::string_view columns);
void set_count(Call& call, Count count);
void set_max_affected(Call& call, std::int64_t rows);
void set_one_row(Call& call);
void set_at_most_one_row(Call& call);
void set_csv(Call& call);
}  // namespace client_detail

// A read of rows as T. Awaited it gives std::vector<T>, and json::array when T is json::value. A T that is no aggregate
// but a single value (std::string, std::int64_t, Uuid, an optional of one …) is that of the one column asked for.
template <class T>
class [[nodiscard, gnu::warn_unused]] Select : public Pending<client_detail::RowsOf<T>>, public Filterable {
  using Takers = client_detail::TakersOf<T>;

 public:
  explicit Select(client_detail::CallPointer call)
      : Pending<client_detail::RowsOf<T>>(std::move(call), typename Takers::Many()) {}

  // May be said several times: the first decides, the next ones among its equals.
  template <class Self>
  Self order(this Self&& self, std::string_view column, OrderOptions options = {}) {
    client_detail::add_order(client_detail::Access::call(self), column, options);
    return std::forward<Self>(self);
  }
  // Negative numbers are "misuse" here and below.
  template <class Self>
  Self limit(this Self&& self, std::int64_t rows) {
    client_detail::set_limit(client_detail::Access::call(self), rows);
    return std::forward<Self>(self);
  }
  template <class Self>
  Self offset(this Self&& self, std::int64_t rows) {
    client_detail::set_offset(client_detail::Access::call(self), rows);
    return std::forward<Self>(self);
  }
  // Rows first to last, counted from 0, both included.
  template <class Self>
  Self range(this Self&& self, std::int64_t first, std::int64_t last) {
    client_detail::set_range(client_detail::Access::call(self), first, last);
    return std::forward<Self>(self);
  }

  // The one row: with none or several the request fails with PGRST116 (406).
  [[nodiscard]] Pending<T> single() { return with<T>(client_detail::set_one_row, typename Takers::One()); }
  // The row if there is one; several are PGRST116 (406).
  [[nodiscard]] Pending<std::optional<T>> maybe_single() {
    return with<std::optional<T>>(client_detail::set_at_most_one_row, typename Takers::Optional());
  }
  // The rows and how many there are without the limit.
  [[nodiscard]] Pending<Page<T>> page(Count count = Count::exact) {
    client_detail::set_count(client_detail::Access::call(*this), count);
    return Pending<Page<T>>(client_detail::Access::release(*this), typename Takers::Counted());
  }
  // The rows as CSV text, the first line naming the columns.
  [[nodiscard]] Pending<std::string> csv() {
    return with<std::string>(client_detail::set_csv, client_detail::CsvTaker());
  }

 private:
  template <class R, class TakerOfR>
  Pending<R> with(void (*change)(client_detail::Call&), TakerOfR taker) {
    change(client_detail::Access::call(*this));
    return Pending<R>(client_detail::Access::release(*this), taker);
  }
};

// How many rows there are. Awaited it gives std::int64_t; no row is transferred.
class [[nodiscard, gnu::warn_unused]] CountRows : public Pending<std::int64_t>, public Filterable {
 public:
  explicit CountRows(client_detail::CallPointer call)
      : Pending<std::int64_t>(std::move(call), client_detail::CountTaker()) {}
};

// An insert or upsert: of one row it gives T, of several a std::vector<T> (json::array for json::value), and nothing
// when no T was named. It has no filters.
template <class R>
class [[nodiscard, gnu::warn_unused]] Insert : public Pending<R> {
 public:
  using Pending<R>::Pending;

  // Which columns of the new rows come back; by default those of T.
  template <class Self>
    requires(!std::is_void_v<R>)
  Self returning(this Self&& self, std::string_view columns) {
    client_detail::set_returning(client_detail::Access::call(self), columns);
    return std::forward<Self>(self);
  }
};

// An update or delete. Awaited it gives the rows as T that were changed or deleted (json::array for json::value), and
// nothing when no T was named.
template <class T>
class [[nodiscard, gnu::warn_unused]] Change : public Pending<client_detail::RowsOf<T>>, public Filterable {
 public:
  using Pending<client_detail::RowsOf<T>>::Pending;

  // Which columns of the rows come back; by default those of T.
  template <class Self>
    requires(!std::is_void_v<T>)
  Self returning(this Self&& self, std::string_view columns) {
    client_detail::set_returning(client_detail::Access::call(self), columns);
    return std::forward<Self>(self);
  }
  // With more rows than this the request fails with PGRST124 (400) and changes nothing.
  template <class Self>
  Self max_affected(this Self&& self, std::int64_t rows) {
    client_detail::set_max_affected(client_detail::Access::call(self), rows);
    return std::forward<Self>(self);
  }

  // Exactly one row, or the request fails with PGRST116 (406) and changes nothing.
  [[nodiscard]] Pending<T> single()
    requires(!std::is_void_v<T>)
  {
    client_detail::set_one_row(client_detail::Access::call(*this));
    return Pending<T>(client_detail::Access::release(*this));
  }
  // One row or none; with more the request fails with PGRST124 (400) and changes nothing.
  template <class U = T>
    requires(!std::is_void_v<U>)
  [[nodiscard]] Pending<std::optional<U>> maybe_single() {
    client_detail::set_max_affected(client_detail::Access::call(*this), 1);
    return Pending<std::optional<U>>(client_detail::Access::release(*this));
  }
};

}  // namespace bailey
