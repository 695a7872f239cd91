#pragma once

#include <bailey/supabase/requests.hpp>

#include <string>

namespace bailey {

struct InsertOptions {
  bool missing_as_default = false;  // keys a row lacks take the column's default rather than null (of several rows)
};

struct UpsertOptions {
  std::string on_conflict{};       // "email" or "a,b": the unique columns that decide; empty: the primary key
  bool ignore_duplicates = false;  // keep the old row: it then does not come back, so upsert several rows (a vector)
  bool missing_as_default = false;
};

// A table or view, seen as one identity: the start of every database request. A value; any thread.
//
// Rows are read as T, a plain aggregate whose members are the columns (json::value: any object). Without a column list
// the members are asked for and nothing else; members that are aggregates themselves stand for JSON or composite
// columns. Or T is a single value, of the one column that is then named. Rows are written from aggregates,
// json::object, or vectors and json::array of them. `std::optional` writes null where empty, `Maybe` leaves the column
// out (of several rows that differ in it, null: see missing_as_default). A Secret would be written as asterisks: give
// such columns as std::string.
//
// With a row type, writes give the rows back as the database has them; without, they give nothing and need no right to
// read. The methods throw PostgrestError "PGRST100" for a column list they cannot read.
class Relation {
 public:
  Relation(std::shared_ptr<const client_detail::Project> project, Identity identity, std::string schema,
           std::string name);

  template <class T>
  [[nodiscard]] Select<T> select() const {
    return Select<T>(read(*client_detail::columns_of<T>()));
  }
  // As PostgREST writes it: "id,full_name", "label:full_name", "data->>kind", "price::text". A T that is a single value
  // takes one column, `select<std::string>("full_name")`; more, or "*", are "misuse".
  template <class T>
  [[nodiscard]] Select<T> select(std::string_view columns) const {
    if constexpr (client_detail::ScalarRow<T>) {
      return Select<T>(read(client_detail::parse_one_column(columns)));
    } else {
      return Select<T>(read(client_detail::parse_columns(columns)));
    }
  }
  [[nodiscard]] Select<json::value> select(std::string_view columns = "*") const {
    return select<json::value>(columns);
  }

  [[nodiscard]] CountRows count(Count count = Count::exact) const;

  // One row, or several from a vector or json::array.
  template <class T = void, class V>
  [[nodiscard]] Insert<client_detail::Written<T, V>> insert(const V& rows, InsertOptions options = {}) const {
    return Insert<client_detail::Written<T, V>>(
        write(client_detail::payload_of(rows), client_detail::columns_of<T>(), options));
  }
  // Changes the row that is already there instead of failing.
  template <class T = void, class V>
  [[nodiscard]] Insert<client_detail::Written<T, V>> upsert(const V& rows, const UpsertOptions& options = {}) const {
    return Insert<client_detail::Written<T, V>>(
        write(client_detail::payload_of(rows), client_detail::columns_of<T>(), options));
  }

  // The members of the patch are the new values. A filter, or all_rows(), must follow.
  template <class T = void, class V>
  [[nodiscard]] Unfiltered<Change<T>> update(const V& patch) const {
    static_assert(!client_detail::ManyRows<V>,
                  "update takes one patch that is applied to every row the filters choose");
    return Unfiltered<Change<T>>(change(client_detail::payload_of(patch), client_detail::columns_of<T>()));
  }
  template <class T = void>
  [[nodiscard]] Unfiltered<Change<T>> delete_() const {
    return Unfiltered<Change<T>>(remove(client_detail::columns_of<T>()));
  }

 private:
  using Columns = std::vector<query::SelectItem>;
  using Returning = std::optional<Columns>;
  [[nodiscard]] client_detail::CallPointer start(query::Kind kind) const;
  [[nodiscard]] client_detail::CallPointer read(Columns columns) const;
  [[nodiscard]] client_detail::CallPointer write(client_detail::Payload payload, Returning returning,
                                                 const InsertOptions& options) const;
  [[nodiscard]] client_detail::CallPointer write(client_detail::Payload payload, Returning returning,
                                                 const UpsertOptions& options) const;
  [[nodiscard]] client_detail::CallPointer change(client_detail::Payload payload, Returning returning) const;
  [[nodiscard]] client_detail::CallPointer remove(Returning returning) const;

  std::shared_ptr<const client_detail::Project> project_;  // shared with the handle this was made from
  Identity identity_;
  std::string schema_;
  std::string name_;
};

}  // namespace bailey
