#include "import.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <forebay/repository.hpp>

#include "entities.hpp"
#include "trimmed.hpp"

namespace catalog {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t rows_in_a_transaction = 4'000;
constexpr std::size_t most_described = 10;

// "Ann <ann@example.org>"; without an address, all of it is the name.
Maintainer read_maintainer(std::int64_t id, std::string_view text) {
  const std::size_t bracket = text.rfind('<');
  if (bracket == std::string_view::npos || bracket == 0 || !text.ends_with('>')) return {id, std::string(text), {}};
  return {id, std::string(trimmed(text.substr(0, bracket))),
          std::string(text.substr(bracket + 1, text.size() - bracket - 2))};
}

class importer {
 public:
  explicit importer(forebay::database& into) : db_(into), maintainers_(into), packages_(into), dependencies_(into) {}

  void take(skipped_record what) {
    ++result_.skipped;
    if (result_.first_skipped.size() < most_described) result_.first_skipped.push_back(std::move(what));
  }

  void take(package_record what) {
    if (!names_.insert(what.name).second) return take(skipped_record{what.line, what.name, "a second record of it"});
    const auto id = static_cast<std::int64_t>(++result_.packages);
    for (required_package& r : what.depends) {
      new_dependencies_.push_back({id, r.requirement, r.alternative, std::move(r.name), std::move(r.constraint)});
    }
    std::optional<std::int64_t> maintainer;
    if (what.maintainer) maintainer = maintainer_id(*what.maintainer);
    new_packages_.push_back({.id = id,
                             .name = std::move(what.name),
                             .debian_version = std::move(what.version),
                             .section = std::move(what.section),
                             .installed_size = what.installed_size,
                             .maintainer_id = maintainer,
                             .summary = std::move(what.summary),
                             .downloads = 0,
                             .version = 1});
  }

  [[nodiscard]] bool enough() const noexcept {
    return new_maintainers_.size() + new_packages_.size() + new_dependencies_.size() >= rows_in_a_transaction;
  }

  // Writes what has come in since the last time.
  void write() {
    forebay::session s = db_.session({.deadline = 60s, .name = "import"});
    db_.transact(s, [&](forebay::transaction& tx) {
      maintainers_.insert_many(tx, new_maintainers_);
      packages_.insert_many(tx, new_packages_);
      dependencies_.insert_many(tx, new_dependencies_);
    });
    result_.dependencies += new_dependencies_.size();
    new_maintainers_.clear();
    new_packages_.clear();
    new_dependencies_.clear();
  }

  [[nodiscard]] const import_result& result() const noexcept { return result_; }

 private:
  std::int64_t maintainer_id(const std::string& text) {
    const auto [known, is_new] = maintainer_ids_.try_emplace(text, result_.maintainers + 1);
    if (is_new) {
      ++result_.maintainers;
      new_maintainers_.push_back(read_maintainer(known->second, text));
    }
    return known->second;
  }

  forebay::database& db_;
  forebay::repository<Maintainer> maintainers_;
  forebay::repository<Package> packages_;
  forebay::repository<Dependency> dependencies_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::int64_t> maintainer_ids_;
  std::vector<Maintainer> new_maintainers_;
  std::vector<Package> new_packages_;
  std::vector<Dependency> new_dependencies_;
  import_result result_;
};

}  // namespace

import_result import_packages(package_reader& from, forebay::database& into, progress& shown) {
  importer work(into);
  while (std::optional<record> r = from.next()) {
    std::visit([&](auto& what) { work.take(std::move(what)); }, *r);
    if (!work.enough()) continue;
    work.write();
    shown.show(from.bytes_read(), work.result().packages);
  }
  work.write();
  shown.finish(work.result().packages);
  return work.result();
}

}  // namespace catalog
