create table public.business_cards (
  id           bigint generated always as identity primary key,
  user_id      uuid not null default auth.uid() references auth.users (id) on delete cascade,
  full_name    text not null check (char_length(full_name) between 1 and 120),
  job_title    text,
  email        text not null,
  phone_number text,
  website      text
);

create index business_cards_user_id on public.business_cards (user_id);

-- Whoever is signed in sees and changes their own cards. The subselect lets PostgreSQL ask auth.uid() once a statement
-- instead of once a row.
alter table public.business_cards enable row level security;

create policy "people see their own cards" on public.business_cards
  for select to authenticated using ((select auth.uid()) = user_id);

create policy "people add cards of their own" on public.business_cards
  for insert to authenticated with check ((select auth.uid()) = user_id);

create policy "people change their own cards" on public.business_cards
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);

create policy "people delete their own cards" on public.business_cards
  for delete to authenticated using ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.business_cards to authenticated;

-- How many cards there are, for everybody. A view reads with the rights of its owner, so it counts what nobody is shown.
create view public.business_card_totals as select count(*) as cards from public.business_cards;

grant select on public.business_card_totals to anon, authenticated;
