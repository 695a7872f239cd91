#pragma once

// GraphQL: a schema out of functions and plain structs, and routes that serve it.
#include <bailey/graphql/any_of.hpp>
#include <bailey/graphql/arg.hpp>
#include <bailey/graphql/emit.hpp>
#include <bailey/graphql/error.hpp>
#include <bailey/graphql/extension.hpp>
#include <bailey/graphql/id.hpp>
#include <bailey/graphql/info.hpp>
#include <bailey/graphql/loader.hpp>
#include <bailey/graphql/mount.hpp>
#include <bailey/graphql/operation.hpp>
#include <bailey/graphql/permission.hpp>
#include <bailey/graphql/persisted.hpp>
#include <bailey/graphql/relay.hpp>
#include <bailey/graphql/schema.hpp>
#include <bailey/graphql/type.hpp>
#include <bailey/graphql/upload.hpp>
