# The part of this module that verifies tokens.
set(SUPABASE_VERIFIER_SOURCES identity.cpp key_source.cpp key_source_policy.cpp token_cache.cpp token_verifier.cpp
                              token_verifier_remote.cpp)
set(SUPABASE_VERIFIER_TESTS identity_test.cpp key_source_policy_test.cpp key_source_test.cpp token_cache_test.cpp token_verifier_remote_test.cpp token_verifier_test.cpp
                            token_verifier_threads_test.cpp)
if(NOT BAILEY_SANITIZE)   # it counts allocations by an operator new of its own, as the sanitizers have theirs
  list(APPEND SUPABASE_VERIFIER_TESTS token_verifier_cost_test.cpp)
endif()
