-- What migrations and seeds need of Bailey's own records. Role `postgres` has it, whose password is known to everybody
-- who can connect. A seed is recorded in its own transaction.
grant usage on schema _bailey to postgres;
grant insert, select on _bailey.state to postgres;
