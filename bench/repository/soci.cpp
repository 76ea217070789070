#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <stdexcept>

#include "access.hpp"

namespace bench {

namespace {

// What SOCI reads a row into: `long long` is its 64-bit integer. A soci::type_conversion of `user` would go through
// soci::values.
struct row_buffer {
  long long id = 0, tenant = 0, version = 0;
  std::string email, name;
  double balance = 0;
  soci::indicator has_name = soci::i_null;

  void copy_to(user& out) const {
    out.id = id;
    out.tenant = tenant;
    out.email = email;
    if (has_name == soci::i_ok) {
      out.name = name;
    } else {
      out.name.reset();
    }
    out.balance = balance;
    out.version = version;
  }
};

// Many rows at once: SOCI's bulk operations, column by column.
struct column_buffers {
  explicit column_buffers(std::size_t rows)
      : id(rows), tenant(rows), version(rows), email(rows), name(rows), balance(rows), has_name(rows) {}

  void copy_to(std::size_t i, user& out) {
    out.id = id[i];
    out.tenant = tenant[i];
    out.email = std::move(email[i]);
    if (has_name[i] == soci::i_ok) out.name = std::move(name[i]);
    out.balance = balance[i];
    out.version = version[i];
  }

  std::vector<long long> id, tenant, version;
  std::vector<std::string> email, name;
  std::vector<double> balance;
  std::vector<soci::indicator> has_name;
};

class soci_access final : public access {
 public:
  explicit soci_access(const std::string& file)
      : session_(soci::sqlite3, "dbname=\"" + file + "\""), find_(session_), find_many_(session_), page_(session_) {
    session_ << "pragma journal_mode = wal";
    session_ << "pragma foreign_keys = on";
    const texts t(true);
    find_ = (session_.prepare << t.find, soci::use(key_), soci::into(row_.id), soci::into(row_.tenant),
             soci::into(row_.email), soci::into(row_.name, row_.has_name), soci::into(row_.balance),
             soci::into(row_.version));
    prepare_find_many(t.find_many);
    page_ = (session_.prepare << t.page, soci::use(key_), soci::into(row_.id), soci::into(row_.tenant),
             soci::into(row_.email), soci::into(row_.name, row_.has_name), soci::into(row_.balance),
             soci::into(row_.version));
    insert_text_ = t.insert;
  }

  void find(std::int64_t id, user& out) override {
    key_ = id;
    if (!find_.execute(true)) throw std::runtime_error("SOCI: no such row");
    row_.copy_to(out);
  }

  std::vector<user> find_many(std::span<const std::int64_t> ids) override {
    const places place(ids);
    std::vector<user> found(ids.size());
    std::ranges::copy(ids, keys_.begin());
    for (bool more = find_many_.execute(true); more; more = find_many_.fetch()) {
      row_.copy_to(found[place.of(row_.id)]);
    }
    return found;
  }

  std::vector<user> page_after(std::int64_t id) override {
    std::vector<user> found;
    found.reserve(page_size);
    key_ = id;
    for (bool more = page_.execute(true); more; more = page_.fetch()) row_.copy_to(found.emplace_back());
    return found;
  }

  void insert_many(std::span<const user> rows) override {
    column_buffers columns(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      columns.id[i] = rows[i].id;
      columns.tenant[i] = rows[i].tenant;
      columns.email[i] = rows[i].email;
      if (rows[i].name) columns.name[i] = *rows[i].name;
      columns.has_name[i] = rows[i].name ? soci::i_ok : soci::i_null;
      columns.balance[i] = rows[i].balance;
      columns.version[i] = rows[i].version;
    }
    soci::transaction all(session_);
    soci::statement insert =
        (session_.prepare << insert_text_, soci::use(columns.id), soci::use(columns.tenant), soci::use(columns.email),
         soci::use(columns.name, columns.has_name), soci::use(columns.balance), soci::use(columns.version));
    insert.execute(true);
    all.commit();
  }

 private:
  void prepare_find_many(const std::string& text) {
    find_many_.alloc();
    find_many_.prepare(text);
    for (const long long& key : keys_) find_many_.exchange(soci::use(key));
    find_many_.exchange(soci::into(row_.id));
    find_many_.exchange(soci::into(row_.tenant));
    find_many_.exchange(soci::into(row_.email));
    find_many_.exchange(soci::into(row_.name, row_.has_name));
    find_many_.exchange(soci::into(row_.balance));
    find_many_.exchange(soci::into(row_.version));
    find_many_.define_and_bind();
  }

  soci::session session_;
  long long key_ = 0;
  std::array<long long, batch_size> keys_{};
  row_buffer row_;
  std::string insert_text_;
  soci::statement find_, find_many_, page_;
};

}  // namespace

std::unique_ptr<access> access_by_soci(const std::string& file) { return std::make_unique<soci_access>(file); }

}  // namespace bench
