-- Hosted Supabase loads the extension safeupdate for the REST API: an UPDATE or DELETE without a WHERE clause is refused.
-- Here the REST server does so itself, and reads the extension's setting as its switch. There as here `postgres` may set it:
-- ALTER ROLE authenticator SET safeupdate.enabled = off.
grant set on parameter "safeupdate.enabled" to postgres;
