#pragma once

// Everything an API needs, under one name: #include <bailey/bailey.hpp>
#include <bailey/base/env.hpp>
#include <bailey/base/error.hpp>
#include <bailey/base/failed.hpp>
#include <bailey/base/log.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/guard/authenticate.hpp>
#include <bailey/guard/user.hpp>
#include <bailey/model/model.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/supabase/supabase.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/compress.hpp>
#include <bailey/web/cors.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/file_response.hpp>
#include <bailey/web/request_id.hpp>
#include <bailey/web/static_files.hpp>
#include <bailey/web/web_socket.hpp>
