#include "schema.hpp"

namespace catalog {

void create_tables(forebay::database& db) {
  forebay::session s = db.session({.name = "create tables"});
  db.execute(s, "create table maintainers(id integer primary key, name text not null, email text)");
  db.execute(s,
             "create table packages(id integer primary key, name text not null unique, debian_version text,"
             " section text, installed_size integer, maintainer_id integer references maintainers, summary text,"
             " downloads integer not null, version integer not null)");
  db.execute(s,
             "create table dependencies(package_id integer not null references packages, requirement integer not null,"
             " alternative integer not null, needs text not null, version_constraint text,"
             " primary key (package_id, requirement, alternative)) without rowid");
}

}  // namespace catalog
