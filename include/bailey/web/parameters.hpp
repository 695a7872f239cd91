#pragma once

#include <bailey/http/form_data.hpp>
#include <bailey/model/validation.hpp>
#include <bailey/web/name.hpp>
#include <bailey/web/parameter_rules.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace bailey {

namespace web_detail {
// What Path, Query, Header and Json share: a value of the type asked for.
template <class T>
class Parameter {
 public:
  using value_type = T;
  explicit Parameter(T value) : value_(std::move(value)) {}
  Parameter(const Parameter&) = default;
  Parameter(Parameter&&) noexcept = default;
  Parameter& operator=(const Parameter&) = default;
  Parameter& operator=(Parameter&&) noexcept = default;
  // Not trivial: what is passed by value is then an object of the caller's, not a copy in registers, and lives as long
  // as the caller's expression. See BoundEndpoint.
  ~Parameter();

  [[nodiscard]] const T& operator*() const& noexcept { return value_; }
  [[nodiscard]] T& operator*() & noexcept { return value_; }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(value_); }
  [[nodiscard]] const T* operator->() const noexcept { return &value_; }
  [[nodiscard]] T* operator->() noexcept { return &value_; }
  [[nodiscard]] const T& value() const noexcept { return value_; }

 private:
  T value_;
};
template <class T>
Parameter<T>::~Parameter() = default;
}  // namespace web_detail

// What of a handler's parameters stands for one value. Structs of several: parameter_models.hpp; parts of a JSON body:
// json_field.hpp; bodies as they arrive: body_stream.hpp. Each says where its value comes from; all are checked, and
// all that is wrong with a request is told in one answer (422). Texts are read as pydantic reads them: "7" is an int,
// "on" a bool, "1700000000" a time. One is stricter: a number is finite ("nan" and "inf" are refused).
// docs/validation.md lists every difference. A name stands for itself on the wire. `T` may be std::optional: then the
// value may be absent.

// {Name} of the route's template. A name that the template lacks is a compile error for a literal template.
template <ParameterName Name, class T = std::string, auto Rules = NoRules{}>
class Path : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());
  static_assert(!web_detail::has_default<Rules>, "A part of the path is always there: it has no default_value.");

 public:
  static constexpr std::string_view name = Name.view();
  using web_detail::Parameter<T>::Parameter;
};

// ?Name=… of the query; the last one counts, a std::vector takes all.
//   Query<"limit", int, Number{.default_value = 20, .ge = 1, .le = 100}>
// Query<"filter", Json<Filter>> is a text of JSON.
template <ParameterName Name, class T = std::string, auto Rules = NoRules{}>
class Query : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());

 public:
  static constexpr std::string_view name = Name.view();
  using web_detail::Parameter<T>::Parameter;
};

// The first header line of that name, in any case; a std::vector takes all lines.
template <ParameterName Name, class T = std::string, auto Rules = NoRules{}>
class Header : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());

 public:
  static constexpr std::string_view name = Name.view();
  using web_detail::Parameter<T>::Parameter;
};

// The cookie of that name; of several the last. Case counts.
template <ParameterName Name, class T = std::string, auto Rules = NoRules{}>
class Cookie : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());
  static_assert(!web_detail::Listed<typename web_detail::Unwrapped<T>::type>::value, "A cookie has one value.");

 public:
  static constexpr std::string_view name = Name.view();
  using web_detail::Parameter<T>::Parameter;
};

// A field of a form, urlencoded or multipart; the last one counts, a std::vector takes all. An empty text counts as
// missing, as in FastAPI: it is what a browser sends of a field that was left empty. See also File.
template <ParameterName Name, class T = std::string, auto Rules = NoRules{}>
class Form : public web_detail::Parameter<T> {
  static_assert(web_detail::rules_fit<T, Rules>());

 public:
  static constexpr std::string_view name = Name.view();
  using web_detail::Parameter<T>::Parameter;
};

// A file of a multipart form: it lies in memory while it is small, else in a temporary file that goes with it. Move it
// into a background task and it stays. `T` may be std::optional<UploadFile>, or a std::vector<UploadFile> for all of
// that name. RouteOptions::form_limits says how much is taken. A std::string, or an optional of one, is the bytes of a
// file as small as that lies in memory (AppOptions::spool, 256 KiB): a larger one is a 413.
//   app.post("/avatar", [](File<"image"> image) -> Task<> { co_await image->save_to("/srv/avatars/1"); });
template <ParameterName Name, class T = http::UploadFile>
class File {
 public:
  static constexpr std::string_view name = Name.view();
  using value_type = T;
  explicit File(T value) : value_(std::move(value)) {}
  File(File&&) noexcept = default;
  File& operator=(File&&) noexcept = default;
  ~File();  // not trivial: see Parameter

  [[nodiscard]] T& operator*() noexcept { return value_; }
  [[nodiscard]] const T& operator*() const noexcept { return value_; }
  [[nodiscard]] T* operator->() noexcept { return &value_; }
  [[nodiscard]] const T* operator->() const noexcept { return &value_; }

 private:
  T value_;
};
template <ParameterName Name, class T>
File<Name, T>::~File() = default;

// The body as JSON, decoded into T with FastAPI's conversions, or with none where the route says so: of
// Json<Card, Conversion::none> "7" is no number. It must be sent as application/json or application/*+json: JSON under
// another content type can be posted across sites without a preflight, so it is a 415.
template <class T, Conversion conversion = Conversion::lenient>
class Json : public web_detail::Parameter<T> {
 public:
  using web_detail::Parameter<T>::Parameter;
};

// The body as it came. The view is valid until the request is answered.
struct Body {
  std::string_view bytes;
  ~Body();  // not trivial: see Parameter
  [[nodiscard]] std::string_view operator*() const noexcept { return bytes; }
};
inline Body::~Body() = default;

}  // namespace bailey
