#pragma once

#include <forebay/database.hpp>

namespace catalog {

// Makes the tables of the catalogue, which must not be there yet.
void create_tables(forebay::database& db);

}  // namespace catalog
