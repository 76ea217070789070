#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <forebay/database.hpp>

// A range that makes its texts on the way: what is bound would view into what is gone.
struct names {
  struct iterator {
    using value_type = std::string;
    using difference_type = std::ptrdiff_t;
    std::string operator*() const { return "name" + std::to_string(at); }
    iterator& operator++() { return ++at, *this; }
    iterator operator++(int) { return {at++}; }
    friend bool operator==(const iterator&, const iterator&) = default;
    int at = 0;
  };
  iterator begin() const { return {0}; }
  iterator end() const { return {3}; }
};

std::vector<std::int64_t> ids(forebay::database& db, forebay::session& s) {
#ifdef CORRECT
  const std::vector<std::string> wanted(names().begin(), names().end());
#else
  const names wanted;
#endif
  return db.query<std::int64_t>(s, "select id from users where name in ({})", wanted);
}
