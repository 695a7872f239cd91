-- [trigger]
create or replace function public.tell_of_change() returns trigger language plpgsql set search_path = '' as $$
begin
  -- What everybody may know: which row. Notifications are not under row-level security.
  perform pg_notify(tg_argv[0], json_build_object('op', tg_op, 'id', coalesce(new.id, old.id))::text);
  return null;
end $$;

create or replace trigger cards_changed after insert or update on public.business_cards
  for each row execute function public.tell_of_change('cards_changed');
-- [/trigger]
