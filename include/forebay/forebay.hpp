#pragma once

// Everything that an application needs, but for its driver: <forebay/soci/sqlite.hpp> and its like.

#include <forebay/database.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/error.hpp>
#include <forebay/fields/decimal.hpp>
#include <forebay/fields/fixed_bytes.hpp>
#include <forebay/fields/json_text.hpp>
#include <forebay/handle.hpp>
#include <forebay/options.hpp>
#include <forebay/predicate.hpp>
#include <forebay/query.hpp>
#include <forebay/related.hpp>
#include <forebay/repository.hpp>
#include <forebay/session.hpp>
#include <forebay/sizes.hpp>
