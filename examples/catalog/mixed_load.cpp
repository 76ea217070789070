#include "mixed_load.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>
#include <tuple>

#include <forebay/error.hpp>
#include <forebay/repository.hpp>

#include "entities.hpp"
#include "zipf.hpp"

namespace catalog {

namespace {

// The version of each package that an update has written and returned from: no find that begins later may see an older.
class acknowledged_versions {
 public:
  explicit acknowledged_versions(std::size_t packages) : of_(packages) {}

  [[nodiscard]] std::int64_t of(std::int64_t id) const noexcept { return at(id).load(); }
  void raise_to(std::int64_t id, std::int64_t version) noexcept {
    std::atomic<std::int64_t>& known = at(id);
    for (std::int64_t seen = known.load(); seen < version && !known.compare_exchange_weak(seen, version);) {}
  }

 private:
  [[nodiscard]] std::atomic<std::int64_t>& at(std::int64_t id) noexcept {
    return of_[static_cast<std::size_t>(id - 1)];
  }
  [[nodiscard]] const std::atomic<std::int64_t>& at(std::int64_t id) const noexcept {
    return of_[static_cast<std::size_t>(id - 1)];
  }
  std::vector<std::atomic<std::int64_t>> of_;
};

// What the workers share.
struct crowd {
  crowd(forebay::database& on, const mixed_load_options& o)
      : db(on), packages(on), popularity(o.packages, o.skew), by_rank(o.packages), acknowledged(o.packages) {
    std::iota(by_rank.begin(), by_rank.end(), std::int64_t{1});
    std::mt19937_64 generator(o.seed);
    // The popular ones are not those at the beginning of the alphabet.
    for (std::size_t i = by_rank.size(); i > 1; --i) {
      std::swap(by_rank[i - 1], by_rank[static_cast<std::size_t>(draw_fraction(generator) * static_cast<double>(i))]);
    }
  }

  forebay::database& db;
  forebay::repository<Package> packages;
  zipf_distribution popularity;
  std::vector<std::int64_t> by_rank;  // ids
  acknowledged_versions acknowledged;
  std::atomic<bool> stopping{false};
};

class worker {
 public:
  worker(crowd& with, const mixed_load_options& options, unsigned number, std::uint64_t operations)
      : crowd_(with), update_share_(options.update_share), operations_(operations) {
    std::seed_seq seed{options.seed & 0xffff'ffffU, options.seed >> 32, std::uint64_t{number}};
    generator_.seed(seed);
    result_.updates_of.resize(options.packages);
  }

  void run() {
    for (std::uint64_t i = 0; i < operations_ && !crowd_.stopping; ++i) {
      const std::int64_t id = crowd_.by_rank[crowd_.popularity(generator_)];
      if (draw_fraction(generator_) < update_share_) {
        count_download(id);
      } else {
        look_at(id);
      }
    }
  }

  [[nodiscard]] const mixed_load_result& result() const noexcept { return result_; }

 private:
  void look_at(std::int64_t id) {
    forebay::session s = crowd_.db.session({.name = "GET /package"});
    static_cast<void>(find(s, id));
    ++result_.finds;
  }

  void count_download(std::int64_t id) {
    forebay::session s = crowd_.db.session({.name = "POST /download"});
    Package p = find(s, id);
    try {
      ++p.downloads;
      crowd_.packages.update(s, p);
    } catch (const forebay::conflict&) {
      ++result_.conflicts;
      p = crowd_.db.transact(s, [&](forebay::transaction& tx) { return count_download_alone(tx, id); });
    }
    crowd_.acknowledged.raise_to(id, p.version);
    ++result_.updates;
    ++result_.updates_of[static_cast<std::size_t>(id - 1)];
  }

  // In a transaction the cache is bypassed, and nobody else writes between the find and the update.
  Package count_download_alone(forebay::transaction& tx, std::int64_t id) const {
    Package p = *crowd_.packages.find(tx, id);
    ++p.downloads;
    crowd_.packages.update(tx, p);
    return p;
  }

  Package find(forebay::session& s, std::int64_t id) {
    const std::int64_t at_least = crowd_.acknowledged.of(id);
    Package p = *crowd_.packages.find(s, id);
    if (p.version < at_least) ++result_.stale_reads;
    return p;
  }

  crowd& crowd_;
  double update_share_;
  std::uint64_t operations_;
  std::mt19937_64 generator_;
  mixed_load_result result_;
};

void add(mixed_load_result& sum, const mixed_load_result& part) {
  sum.finds += part.finds;
  sum.updates += part.updates;
  sum.conflicts += part.conflicts;
  sum.stale_reads += part.stale_reads;
  for (std::size_t i = 0; i < part.updates_of.size(); ++i) sum.updates_of[i] += part.updates_of[i];
}

}  // namespace

mixed_load_result run_mixed_load(forebay::database& db, const mixed_load_options& options) {
  crowd all(db, options);
  std::vector<worker> workers;
  for (unsigned i = 0; i < options.threads; ++i) {
    const std::uint64_t first = options.operations * i / options.threads;
    const std::uint64_t last = options.operations * (i + 1) / options.threads;
    workers.emplace_back(all, options, i, last - first);
  }

  std::exception_ptr failure;
  std::once_flag first_failure;
  {
    std::vector<std::jthread> threads;
    threads.reserve(workers.size());
    for (worker& w : workers) {
      threads.emplace_back([&] {
        try {
          w.run();
        } catch (...) {
          all.stopping = true;
          std::call_once(first_failure, [&] { failure = std::current_exception(); });
        }
      });
    }
  }
  if (failure) std::rethrow_exception(failure);

  mixed_load_result sum;
  sum.updates_of.resize(options.packages);
  for (const worker& w : workers) add(sum, w.result());
  return sum;
}

std::uint64_t count_wrong_packages(forebay::database& db, const mixed_load_result& after) {
  forebay::session s = db.session({.name = "check"});
  using row = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
  const auto rows = db.query<row>(s, "select id, version, downloads from packages order by id");
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < std::max(rows.size(), after.updates_of.size()); ++i) {
    if (i >= rows.size() || i >= after.updates_of.size()) {
      ++wrong;
      continue;
    }
    const auto expected = static_cast<std::int64_t>(after.updates_of[i]);
    if (rows[i] != row(static_cast<std::int64_t>(i) + 1, 1 + expected, expected)) ++wrong;
  }
  return wrong;
}

}  // namespace catalog
