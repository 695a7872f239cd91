#pragma once

#include <bailey/web/router.hpp>

// GET /books, GET /books/{id}, PUT /books/{id}
bailey::Router books();
