-- That a script was begun and not ended is noted, and no longer true when it has ended.
grant delete on _bailey.state to postgres;
