// What the cases include, compiled once for all of them. Those whose lines are in errors come first, so that their way
// here is not part of the errors.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <forebay/block.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/forebay.hpp>
