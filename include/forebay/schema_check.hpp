#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <forebay/call_site.hpp>
#include <forebay/context.hpp>
#include <forebay/database.hpp>
#include <forebay/entity/entity.hpp>
#include <forebay/export.hpp>

namespace forebay {

enum class schema_severity : std::uint8_t {
  info,     // worth knowing: the member is stricter or laxer than it need be
  warning,  // some rows cannot be read or written, or the cache is less use than it looks
  error     // the entity does not work
};

// Where an entity and its table differ.
struct schema_difference {
  schema_severity severity = schema_severity::error;
  std::string entity;  // "User"
  std::string table;   // "users"
  std::string column;  // empty: the table
  std::string message;
  std::string fix;
};

// "error: users.email of User: there is no such column\n  fix ..."
[[nodiscard]] FOREBAY_API std::string to_text(const schema_difference& d);

// Compares entities with the tables of the database that is there, by its catalogue, on one connection; what is worst
// first. A table or column that is missing, a type that the member's values do not survive in, a member that cannot
// hold what the column can, a key that nothing keeps unique, NULL where the member has none, columns that the database
// makes and those that it does not; for entities that are cached, what drops more of their rows than a write names.
// For the start of an application and for tests (forebay/testing/schema.hpp). Reads no row. Throws what a query throws,
// and invalid_option for a database whose catalogue the library cannot read.
[[nodiscard]] FOREBAY_API std::vector<schema_difference> check_schema(database& db, context& in,
                                                                      std::span<const entity_table* const> entities,
                                                                      call_site where = call_site::here());

template <entity... T>
  requires(sizeof...(T) > 0)
[[nodiscard]] std::vector<schema_difference> check_schema(database& db, context& in,
                                                          call_site where = call_site::here()) {
  constexpr std::array<const entity_table*, sizeof...(T)> entities{&table_of<T>...};
  return check_schema(db, in, entities, where);
}

}  // namespace forebay
