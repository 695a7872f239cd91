#pragma once

#include <bailey/supabase/requests.hpp>

#include <string>

namespace bailey {

// How rows are inserted.
struct InsertOptions {
  // Where some of several rows lack a key: false writes null into the column, true the column's default.
  bool missing_as_default = false;
};

// How rows are upserted.
struct UpsertOptions {
  // The unique columns that decide whether a row is there already: "email", "a,b". Empty: the primary key.
  std::string on_conflict{};
  // Keeps a row that is there as it is. It is then not returned either: upsert a vector of rows, which may come back
  // shorter; a single row would be missing.
  bool ignore_duplicates = false;
  bool missing_as_default = false;  // as in InsertOptions
};

// A table or view as one identity sees it: database requests begin here. Made by Supabase::from. A value: copies are
// cheap, any thread may hold one, and the requests it makes do not need it any more.
//
// Reading: T is a plain aggregate whose members are the columns; a member that is an aggregate itself reads a JSON or
// composite column. Without a column list exactly the members are asked for. T may also be json::value, for any object,
// or a single value such as std::string, for the one column that is named.
//
// Writing: a row is an aggregate or a json::object, several rows are a std::vector or a json::array. An empty
// std::optional writes null. A missing Maybe leaves the column out; where only some of several rows have it, see
// missing_as_default. A Secret does not compile, since it encodes to asterisks: give such a column as std::string. With
// a row type T, a write returns the rows as the database has them; without, it returns nothing and needs no right to
// read.
//
// The methods only build a request; it is sent when it is awaited (Pending). They throw PostgrestError "PGRST100" for a
// column list that cannot be read, and "22021" for text that is not UTF-8.
class Relation {
 public:
  Relation(std::shared_ptr<const client_detail::Project> project, Identity identity, std::string schema,
           std::string name);

  // Reads rows as T: the columns that T has members for.
  template <class T>
  [[nodiscard]] Select<T> select() const {
    return Select<T>(read(*client_detail::columns_of<T>()));
  }
  // Reads these columns, written as PostgREST does: "id,full_name", "label:full_name", "data->>kind", "price::text".
  // When T is a single value, name one column, `select<std::string>("full_name")`; more, or "*", throw "misuse".
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

  // Counts rows and transfers none.
  [[nodiscard]] CountRows count(Count count = Count::exact) const;

  // Inserts one row, or several from a std::vector or json::array. It encodes them now and does not keep `rows`.
  template <class T = void, class V>
  [[nodiscard]] Insert<client_detail::Written<T, V>> insert(const V& rows, InsertOptions options = {}) const {
    return Insert<client_detail::Written<T, V>>(
        write(client_detail::payload_of(rows), client_detail::columns_of<T>(), options));
  }
  // Inserts rows, and changes those that are there already instead of failing.
  template <class T = void, class V>
  [[nodiscard]] Insert<client_detail::Written<T, V>> upsert(const V& rows, const UpsertOptions& options = {}) const {
    return Insert<client_detail::Written<T, V>>(
        write(client_detail::payload_of(rows), client_detail::columns_of<T>(), options));
  }

  // Changes the rows that the filters choose: the members of the patch are the new values. A filter, or all_rows(),
  // must follow, or it cannot be awaited.
  template <class T = void, class V>
  [[nodiscard]] Unfiltered<Change<T>> update(const V& patch) const {
    static_assert(!client_detail::ManyRows<V>,
                  "update takes one patch that is applied to every row the filters choose");
    return Unfiltered<Change<T>>(change(client_detail::payload_of(patch), client_detail::columns_of<T>()));
  }
  // Deletes the rows that the filters choose. A filter, or all_rows(), must follow, or it cannot be awaited.
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
