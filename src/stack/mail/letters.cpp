#include "stack/mail/letters.hpp"

#include <bailey/stack/config.hpp>
#include <bailey/stack/project.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "stack/mail/default_letters.hpp"
#include "stack/mail/template/template.hpp"
#include "stack/project/project_file.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::size_t file_limit_bytes = std::size_t{512} * 1024;

struct LetterTemplate {
  Template subject;
  Template html;
};

LetterTemplate built_in(LetterKind kind) {
  const DefaultLetter& letter = default_letter(kind);
  const std::string name(letter.name);
  return {Template::parse(letter.subject, name).value(), Template::parse(letter.html, name).value()};
}

std::optional<LetterKind> kind_named(std::string_view name) {
  for (std::size_t i = 0; i < letter_kinds; ++i) {
    if (name_of(static_cast<LetterKind>(i)) == name) return static_cast<LetterKind>(i);
  }
  return std::nullopt;
}

// The Supabase CLI's own example takes one path from the project's folder and another from supabase/: so does this.
std::filesystem::path file_of(const Project& project, const std::string& path) {
  const std::filesystem::path file(path);
  if (file.is_absolute()) return file;
  std::error_code unknown;
  const std::filesystem::path in_supabase = project.supabase_folder() / file;
  return !std::filesystem::exists(project.root / file, unknown) && std::filesystem::exists(in_supabase, unknown)
             ? in_supabase
             : project.root / file;
}

// "supabase/templates/invite.html", as the user knows it.
std::string shown(const Project& project, const std::filesystem::path& file) {
  return file.lexically_normal().lexically_proximate(project.root).string();
}

std::unexpected<Error> invalid(std::string message) {
  return std::unexpected(Error("invalid_template", std::move(message), 500));
}

// A subject is one line of a header. What a user has put into their metadata must not make it another.
void keep_in_one_line(std::string& subject) {
  std::ranges::replace_if(subject, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
}

boost::json::object as_data(const LetterVariables& variables) {
  boost::json::object data;
  data.emplace("SiteURL", variables.site_url);
  data.emplace("ConfirmationURL", variables.confirmation_url);
  data.emplace("Email", variables.email);
  data.emplace("NewEmail", variables.new_email);
  data.emplace("SendingTo", variables.sending_to);
  data.emplace("Token", variables.token);
  data.emplace("TokenHash", variables.token_hash);
  data.emplace("RedirectTo", variables.redirect_to);
  data.emplace("OldEmail", variables.old_email);
  data.emplace("OldPhone", variables.old_phone);
  data.emplace("Phone", variables.phone);
  data.emplace("Provider", variables.provider);
  data.emplace("FactorType", variables.factor_type);
  data.emplace("Data", variables.data);
  return data;
}

}  // namespace

struct Letters::Templates {
  std::vector<LetterTemplate> of_kind;  // by LetterKind
};

Letters::Letters() {
  auto templates = std::make_shared<Templates>();
  for (std::size_t i = 0; i < letter_kinds; ++i) templates->of_kind.push_back(built_in(static_cast<LetterKind>(i)));
  templates_ = std::move(templates);
}

Expected<Letters> Letters::load(const Project& project, const AuthEmailConfig& config) {
  Letters letters;
  auto templates = std::make_shared<Templates>(*letters.templates_);
  for (const LetterConfig& letter : config.letters) {
    const std::optional<LetterKind> kind = kind_named(letter.kind);
    if (!kind) return invalid(letter.subject_place + ": there is no such letter");
    LetterTemplate& made = templates->of_kind[static_cast<std::size_t>(*kind)];
    if (letter.subject) {
      auto subject = Template::parse(*letter.subject, letter.subject_place, 0);
      if (!subject) return std::unexpected(subject.error());
      made.subject = *std::move(subject);
    }
    if (letter.content_path.empty()) continue;
    const std::filesystem::path file = file_of(project, letter.content_path);
    const Expected<std::string> text = read_project_file(file, file_limit_bytes);
    if (!text) return invalid(letter.content_place + ": " + text.error().message());
    auto html = Template::parse(*text, shown(project, file));
    if (!html) return std::unexpected(html.error());
    made.html = *std::move(html);
  }
  letters.templates_ = std::move(templates);
  return letters;
}

Expected<Written> Letters::write(LetterKind kind, const LetterVariables& variables) const {
  const LetterTemplate& letter = templates_->of_kind[static_cast<std::size_t>(kind)];
  const boost::json::object data = as_data(variables);
  Expected<std::string> subject = letter.subject.render(data);
  if (!subject) return std::unexpected(subject.error());
  Expected<std::string> html = letter.html.render(data);
  if (!html) return std::unexpected(html.error());
  keep_in_one_line(*subject);
  return Written{*std::move(subject), *std::move(html)};
}

}  // namespace bailey::stack::mail
