#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "baselines.hpp"

namespace bench {

struct soci_find::state {
  explicit state(const std::string& file) : session(soci::sqlite3, "dbname=\"" + file + "\""), find(session) {
    session << "pragma journal_mode = wal";
    find = (session.prepare << "select id, email, name, version from users where id = :id", soci::use(key),
            soci::into(id), soci::into(email), soci::into(name, has_name), soci::into(version));
  }
  soci::session session;
  long long key = 0, id = 0, version = 0;
  std::string email, name;
  soci::indicator has_name = soci::i_null;
  soci::statement find;
};

soci_find::soci_find(const std::string& file) : state_(std::make_unique<state>(file)) {}
soci_find::~soci_find() = default;

bool soci_find::find(std::int64_t id, user& out) {
  state& s = *state_;
  s.key = id;
  if (!s.find.execute(true)) return false;
  out.id = s.id;
  out.email = s.email;
  if (s.has_name == soci::i_ok) {
    out.name = s.name;
  } else {
    out.name.reset();
  }
  out.version = s.version;
  return true;
}

}  // namespace bench
