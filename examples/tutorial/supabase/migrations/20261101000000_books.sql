create table public.books (
  id      bigint generated always as identity primary key,
  owner   uuid not null default auth.uid() references auth.users (id) on delete cascade,
  title   text not null,
  pages   int check (pages > 0)
);

alter table public.books enable row level security;

create policy "everybody has their own books" on public.books
  for all to authenticated using ((select auth.uid()) = owner) with check ((select auth.uid()) = owner);

grant select, insert, update, delete on public.books to authenticated;
