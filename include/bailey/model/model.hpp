#pragma once

// Plain aggregates to and from JSON: everything of the module.
#include <bailey/model/decimal.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/enums.hpp>
#include <bailey/model/invalid_text.hpp>
#include <bailey/model/ip_address.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/maybe.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/patch.hpp>
#include <bailey/model/pattern.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/model/rules.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/model/time_of_day.hpp>
#include <bailey/model/validation.hpp>
