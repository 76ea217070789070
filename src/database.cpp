#include <forebay/database.hpp>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include <forebay/entity/key_codec.hpp>

#include "database_core.hpp"
#include "written_rows.hpp"

namespace forebay {

namespace detail {

producer::~producer() = default;

void throw_no_row(const operation& op, std::string_view statement) {
  throw not_found({.message = std::string(op.name) + ": the statement gives no row",
                   .statement = std::string(statement),
                   .where = op.where,
                   .session = op.in.name(),
                   .fix = "read into std::optional, for which no row is nullopt"});
}

namespace {

// The key of a cached value: its name, its type, its arguments. NULL is an argument like any other.
key_bytes cached_key(std::string_view name, const payload_type& type, std::span<const value> arguments) {
  key_bytes key;
  key.append(value::text(name));
  key.append(value::integer(static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(&type))));
  for (const value& v : arguments) {
    key.append(value::integer(static_cast<std::int64_t>(v.kind())));
    if (!v.is_null()) key.append(v);
  }
  return key;
}

void check_ttl(const cached_options& options, const cached_name& name) {
  if (options.ttl >= milliseconds(1) && options.ttl <= std::chrono::days(30)) return;
  throw invalid_option({.message = "cached_options::ttl of \"" + std::string(name.name()) + "\" is outside its range",
                        .where = name.where(),
                        .fix = "choose 1 ms to 30 days"});
}

class produced_value final : public loader {
 public:
  produced_value(producer& from, context& in) : from_(from), in_(in) {}
  block_ptr load() override { return from_.produce(in_); }

 private:
  producer& from_;
  context& in_;
};

}  // namespace

}  // namespace detail

database::database(database_options options) : core_(std::make_unique<detail::database_core>(std::move(options))) {
  core_->owner = this;
}
database::database(const char* url) : database(database_options{.shards = {{.primary = url}}}) {}
// Whoever uses a session after this uses what is gone; in a debug build the mistake is met here, where it has a name.
database::~database() { assert(core_->open_sessions == 0 && "forebay: a session outlives its database"); }

session database::session(session_options options) {
  const time_point now = core_->time.now();
  constexpr milliseconds longest = std::chrono::days(365);  // and no overflow for milliseconds::max()
  const milliseconds given = std::clamp(options.deadline.value_or(core_->session_deadline), -longest, longest);
  const deadline until(given > milliseconds(0) ? now + given : time_point());
  return {this,
          core_->time,
          core_->events,
          detail::next_session_id(),
          std::move(options.name),
          until,
          std::move(options.stop)};
}

std::uint64_t database::run_query(const operation& call, const statement& what, detail::row_sink& sink,
                                  const touched* said) {
  const operation op = core_->describe(call.in, call.name, call.where);
  if (is_plain_read(core_->router.sql_dialect(), what)) {
    const detail::borrowed_connection on = core_->connect(op, statement_intent::read);
    rows found = on->run(op, what);
    sink.begin(found);
    std::uint64_t taken = 0;
    for (bool more = true; more && found.next(); ++taken) more = sink.take(found);
    return taken;
  }
  if (op.in.in_transaction() != nullptr) return run_write(op, what, &sink, said).taken;
  transaction tx = core_->begin(op);
  const std::uint64_t taken = run_write({tx, op.name, op.where, op.id}, what, &sink, said).taken;
  tx.commit();
  return taken;
}

std::uint64_t database::run_execute(const operation& call, const statement& what, const touched* said) {
  return run_write(core_->describe(call.in, call.name, call.where), what, nullptr, said).changed;
}

// Goes to the end whatever the sink says: the statement has to change all of its rows, and to tell them.
database::write_result database::run_write(const operation& op, statement what, detail::row_sink* sink,
                                           const touched* said) {
  what.intent = statement_intent::write;
  return core_->write(op, [&](connection& on, write_set& writes) {
    const auto schema = core_->schema(op, on, writes);
    rows result = on.run(op, what);
    detail::raw_write written(op, what, core_->router.sql_dialect(), *schema, core_->cached, said);
    write_result done;
    try {
      if (sink != nullptr) sink->begin(result);
      for (bool more = sink != nullptr; result.next();) {
        if (!result.read_only()) written.returned(result);
        done.taken += more ? 1 : 0;
        more = more && sink->take(result);
      }
    } catch (...) {
      if (!result.read_only()) written.note(result, false, writes);
      throw;
    }
    if (!result.read_only()) written.note(result, true, writes);
    done.changed = result.finish();
    return done;
  });
}

lookup database::run_cached(context& in, const cached_name& name, const cached_options& options,
                            const payload_type& type, std::span<const value> arguments, detail::producer& from) {
  detail::check_ttl(options, name);
  const operation op = core_->describe(in, "cached", name.where());
  detail::produced_value made(from, in);
  if (in.in_transaction() != nullptr) return {made.load(), source::loader, milliseconds(0)};
  std::vector<std::size_t> tables;
  for (const table_tag& t : options.tags) tables.push_back(dependency_stamps::slot_of(t.name));
  const key_bytes key = detail::cached_key(name.name(), type, arguments);
  const read_rules rules{.name = name.name(),
                         .policy = {.memory_ttl = options.ttl, .negative_ttl = milliseconds(0)},
                         .need = position(),
                         .tables = tables,
                         .computed = true};
  return core_->cache.read_through(op, make_cache_key(tiered_cache::computed_space, key.view()), rules, made);
}

void database::observe(std::shared_ptr<observer> who) { core_->events.add(std::move(who)); }
void database::stop_observing(const observer& who) { core_->events.remove(who); }

bool database::drain(milliseconds at_most) {
  constexpr milliseconds longest = std::chrono::days(365);  // and no overflow for milliseconds::max()
  return core_->router.drain(core_->time.now() + std::clamp(at_most, milliseconds(0), longest));
}

pool_statistics database::connections(connection_role role) const { return core_->router.statistics(role); }

cache_statistics database::cache_statistics() const {
  const memory_statistics m = core_->cache.statistics();
  return {m.entries, m.bytes, m.capacity, m.evictions};
}

}  // namespace forebay
