#pragma once

#include <bailey/graphql/schema.hpp>
#include <bailey/supabase/supabase.hpp>

// For who is signed in: their own cards. Names are as they are in the table.
bailey::graphql::Schema cards_schema();

// For everybody; `supabase` asks as nobody. Names are in camelCase.
bailey::graphql::Schema public_schema(bailey::Supabase supabase);
