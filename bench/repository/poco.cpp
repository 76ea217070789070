#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Data/TypeHandler.h>

#include <array>
#include <stdexcept>

#include "access.hpp"

namespace Poco::Data {

// POCO's way of reading and writing structs.
template <>
class TypeHandler<bench::user> {
 public:
  static std::size_t size() { return 6; }
  static void prepare(std::size_t, const bench::user&, AbstractPreparator::Ptr) {}  // SQLite needs none

  static void bind(std::size_t at, const bench::user& u, AbstractBinder::Ptr to, AbstractBinder::Direction dir) {
    to->bind(at++, u.id, dir);
    to->bind(at++, u.tenant, dir);
    to->bind(at++, u.email, dir);
    if (u.name) {
      to->bind(at++, *u.name, dir);
    } else {
      to->bind(at++, Keywords::null, dir);
    }
    to->bind(at++, u.balance, dir);
    to->bind(at++, u.version, dir);
  }

  static void extract(std::size_t at, bench::user& u, const bench::user&, AbstractExtractor::Ptr from) {
    from->extract(at++, u.id);
    from->extract(at++, u.tenant);
    from->extract(at++, u.email);
    if (from->isNull(at)) {
      u.name.reset();
    } else {
      from->extract(at, u.name ? *u.name : u.name.emplace());
    }
    from->extract(++at, u.balance);
    from->extract(++at, u.version);
  }
};

}  // namespace Poco::Data

namespace bench {

namespace {

using Poco::Data::Statement;
using namespace Poco::Data::Keywords;

Poco::Data::Session open(const std::string& file) {
  Poco::Data::SQLite::Connector::registerConnector();
  return {Poco::Data::SQLite::Connector::KEY, file};
}

class poco_access final : public access {
 public:
  explicit poco_access(const std::string& file)
      : session_(open(file)), find_(session_), find_many_(session_), page_(session_) {
    session_ << "pragma journal_mode = wal", now;
    session_ << "pragma foreign_keys = on", now;
    const texts t(false);
    find_ << t.find, use(key_), into(row_);
    find_many_ << t.find_many, into(rows_);
    for (Poco::Int64& key : keys_) find_many_, use(key);
    page_ << t.page, use(key_), into(rows_);
    insert_text_ = t.insert;
  }

  void find(std::int64_t id, user& out) override {
    key_ = id;
    if (find_.execute() != 1) throw std::runtime_error("POCO: no such row");
    std::swap(out, row_);
  }

  std::vector<user> find_many(std::span<const std::int64_t> ids) override {
    const places place(ids);
    std::ranges::copy(ids, keys_.begin());
    rows_.clear();
    find_many_.execute();
    std::vector<user> found(ids.size());
    for (user& u : rows_) found[place.of(u.id)] = std::move(u);
    return found;
  }

  std::vector<user> page_after(std::int64_t id) override {
    key_ = id;
    rows_.clear();
    page_.execute();
    return std::move(rows_);
  }

  void insert_many(std::span<const user> rows) override {
    std::vector<user> bound(rows.begin(), rows.end());  // it takes no span
    session_.begin();
    session_ << insert_text_, use(bound), now;
    session_.commit();
  }

 private:
  Poco::Data::Session session_;
  Poco::Int64 key_ = 0;
  std::array<Poco::Int64, batch_size> keys_{};
  user row_;
  std::vector<user> rows_;
  std::string insert_text_;
  Statement find_, find_many_, page_;
};

}  // namespace

std::unique_ptr<access> access_by_poco(const std::string& file) { return std::make_unique<poco_access>(file); }

}  // namespace bench
