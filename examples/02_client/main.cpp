// The client without the web part: signs somebody up, then writes and reads business cards as them.
//
//   eval "$(bailey status -o app)"
//   client ada@example.com "correct horse"
#include <bailey/bailey.hpp>

#include <iostream>

using namespace bailey;

struct Card {
  std::int64_t id;
  std::string full_name;
  std::optional<std::string> job_title;
};

struct NewCard {
  std::string full_name;
  std::string email;
  std::optional<std::string> job_title;
};

Task<int> program(std::string email, std::string password) {
  // [sign_in]
  const Supabase supabase = Supabase::from_env();
  Credentials credentials{.email = email, .password = password};
  auto signed_in = co_await supabase.auth().try_sign_in_with_password(credentials);
  if (!signed_in && signed_in.error().code() == "invalid_credentials") {
    const SignUpResult signed_up = co_await supabase.auth().sign_up(credentials);
    signed_in = signed_up.session.value();
  }
  if (!signed_in) throw signed_in.error();
  const Supabase mine = supabase.as(signed_in->access_token);  // another handle: `supabase` itself stays nobody
  // [/sign_in]

  // [write]
  const NewCard card{.full_name = "Ada Lovelace", .email = email, .job_title = "Countess"};
  const Card made = co_await mine.from("business_cards").insert<Card>(card);
  // [/write]
  std::cout << "made " << encode(made) << '\n';

  // [read]
  const std::vector<Card> cards = co_await mine.from("business_cards")
                                      .select<Card>()
                                      .ilike("full_name", "ada%")
                                      .not_()
                                      .is("job_title", nullptr)
                                      .order("id", {.descending = true})
                                      .limit(10);
  // [/read]
  std::cout << "there are " << cards.size() << '\n';

  // [named]
  auto request = mine.from("business_cards").select<Card>().order("id");
  if (card.job_title) request.eq("job_title", *card.job_title);
  const std::vector<Card> colleagues = co_await std::move(request);
  // [/named]
  std::cout << "colleagues: " << colleagues.size() << '\n';

  // [change]
  co_await mine.from("business_cards").delete_().eq("id", made.id);
  // [/change]
  co_return 0;
}

int main(int count, char** arguments) try {
  if (count != 3) {
    std::cerr << "usage: client EMAIL PASSWORD\n";
    return 2;
  }
  return run_blocking(program(arguments[1], arguments[2]));
} catch (const std::exception& error) {
  return failed(error);
}
