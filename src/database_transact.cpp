#include <algorithm>
#include <string>
#include <utility>

#include <forebay/database.hpp>

#include "database_core.hpp"
#include "process_key.hpp"

namespace forebay {

namespace {

void check(const retry_options& o, const call_site& where) {
  const auto refuse = [&where](const std::string& member, const std::string& range) {
    throw invalid_option(
        {.message = "retry_options::" + member + " is outside its range", .where = where, .fix = "choose " + range});
  };
  constexpr milliseconds longest = std::chrono::minutes(1);
  if (o.max_attempts < 1 || o.max_attempts > 100) refuse("max_attempts", "1 to 100");
  if (o.first_pause < milliseconds(1) || o.first_pause > longest) refuse("first_pause", "1 ms to 1 min");
  if (o.longest_pause < o.first_pause || o.longest_pause > longest) refuse("longest_pause", "first_pause to 1 min");
}

// Between half and the whole of a time that doubles with each attempt: those who met are not to meet again.
nanoseconds pause_after(std::size_t attempt, const retry_options& o, std::uint64_t session) {
  nanoseconds most = o.first_pause;
  for (std::size_t i = 1; i < attempt && most < o.longest_pause; ++i) most *= 2;
  most = std::min<nanoseconds>(most, o.longest_pause);
  std::uint64_t mixed = (process_key() ^ (session + attempt * 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;
  mixed ^= mixed >> 33;
  const auto half = static_cast<std::uint64_t>(most.count()) / 2;
  return nanoseconds(static_cast<std::int64_t>(half + mixed % (half + 1)));
}

}  // namespace

transaction database::begin(forebay::session& in, transaction_options options, call_site where) {
  return core_->begin(core_->describe(in, "begin", where), options);
}

transaction database::begin_attempt(forebay::session& in, const transaction_options& options,
                                    const retry_options& retries, std::size_t attempt, call_site where) {
  check(retries, where);
  return core_->begin(core_->describe(in, "transact", where), options, attempt);
}

bool database::may_try_again(const context& in, const error& why, const retry_options& retries, std::size_t attempt) {
  const bool undone_for_another = why.code() == errc::serialization_failure || why.code() == errc::database_busy;
  if (!undone_for_another || why.outcome() != outcome::not_applied || attempt >= retries.max_attempts) return false;
  const time_point again = core_->time.now() + pause_after(attempt, retries, in.session_id());
  if (in.until().passed(again)) return false;
  core_->time.reached("transact: pausing");
  core_->time.sleep_until(again, in.until());
  return true;
}

}  // namespace forebay
