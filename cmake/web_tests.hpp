// What nearly every test of an app includes.
#include "tests.hpp"

#include <bailey/web/app.hpp>
#include <bailey/web/test_client.hpp>
