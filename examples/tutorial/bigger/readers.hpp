#pragma once

#include <bailey/web/router.hpp>

// GET /readers, GET /readers/me
bailey::Router readers();
