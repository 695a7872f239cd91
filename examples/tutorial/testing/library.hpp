#pragma once

#include <bailey/bailey.hpp>

#include <string>

struct Time {
  int hour;  // of the day
};

// The API, without `main`: a test builds it, too.
void build(bailey::App& app);
