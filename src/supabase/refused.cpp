// Must not compile, or not without a warning, each case with its own sentence; see CMakeLists.txt. The warnings are
// those of -Wall and of nothing more.
#include <bailey/supabase/supabase.hpp>

#include "tests/support/viewing_tag.hpp"

#include <string>
#include <string_view>

#pragma GCC diagnostic error "-Wunused-variable"
#pragma GCC diagnostic error "-Wunused-result"

using namespace bailey;

struct Card {
  int id;
  bool done;
};

struct Tagged {
  Tag tag;
};

Task<> use(Supabase supabase) {
#if REFUSED == 1
  auto request = supabase.from("cards").delete_().eq("id", 7);
#elif REFUSED == 2
  supabase.from("cards").delete_().eq("id", 7);
#elif REFUSED == 3
  supabase.from("cards").select<Card>().order("id").limit(3);
#elif REFUSED == 4
  auto cards = supabase.from("cards").insert<Card>(Card{1, false});
#elif REFUSED == 5
  auto one = supabase.from("cards").select<Card>().eq("id", 7).single();
#elif REFUSED == 6
  auto unfiltered = supabase.from("cards").delete_();
#elif REFUSED == 7
  auto request = supabase.from("cards").select<Card>();
  auto narrowed = request.eq("done", true);
  co_await std::move(narrowed);
#elif REFUSED == 8
  auto request = supabase.from("cards").select<Card>();
  request = request.eq("done", true);
  co_await std::move(request);
#elif REFUSED == 9
  auto request = supabase.from("cards").delete_();
  request.eq("done", true);
  co_await std::move(request);
#elif REFUSED == 10
  co_await supabase.from("cards").delete_();
#elif REFUSED == 11
  co_await supabase.from("cards").select<std::string>();
#elif REFUSED == 12
  co_await supabase.from("cards").select<Tagged>();
#elif REFUSED == 13
  auto done = supabase.auth().sign_out("token");
#elif REFUSED == 14
  supabase.auth().try_sign_out("token");
#elif REFUSED == 15
  auto session = supabase.auth().refresh_session("token");
#elif REFUSED == 16
  auto cards = supabase.from("cards").select<Card>().execute();
#elif REFUSED == 17
  auto cards = supabase.from("cards").select<Card>().try_execute();
#endif
  co_return;
}
