#pragma once

namespace bailey::stack {

// Takes out of the environment what libpq and PostgreSQL's programs read there (PGSERVICE, PGHOSTADDR,
// PGCHANNELBINDING, PGOPTIONS, …): it is about another database of the developer's, and counts wherever a connection
// string leaves something open. Before other threads are started.
void forget_other_databases();

}  // namespace bailey::stack
