#pragma once

#include <bailey/http/handler.hpp>  // Answer is declared beside what gives it
