// What it costs to know statements by their fingerprint: of a short text, of long ones, and of a literal that has been
// seen before.

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include <forebay/sql/fingerprint.hpp>
#include <forebay/sql/literal.hpp>

#include "../runner/runner.hpp"

namespace bench {
namespace {

using std::chrono::nanoseconds;

std::string repeated(std::string_view begin, std::string_view piece, std::string_view end, std::size_t size) {
  std::string text(begin);
  while (text.size() + end.size() < size) text += piece;
  return text + std::string(end);
}

body fingerprint_of_each(const std::string& text) {
  return [&text](benchmark::State& s) {
    for (auto _ : s) benchmark::DoNotOptimize(forebay::fingerprint_of(forebay::postgresql_dialect, text));
  };
}

void compare_texts(runner& r) {
  constexpr std::size_t size = 1'000'000;
  constexpr nanoseconds limit(size * 5);  // 200 MB/s
  const std::string hundred =
      "select id, email, name from users where tenant = 42 and email = 'ann@acme.io' order by id limit 50  ";
  const std::string list = repeated("select * from users where id in (1", ", 1234567", ")", size);
  const std::string rows = repeated("insert into users values (1, 'x')", ", (1234567, 'ann@acme.io', null)", "", size);
  const std::string quoted = repeated("select '", "a text that somebody pasted, ", "'", size);
  const std::string code =
      repeated("select a", ", case when t.status = 'x' then coalesce(t.amount, 0) else u.total end as column_name",
               " from t join u on t.id = u.id", size);
  r.compare("a statement of 100 bytes", fingerprint_of_each(hundred), "600 ns", nanoseconds(600));
  r.compare("a list of 1 MB", fingerprint_of_each(list), "200 MB/s", limit);
  r.compare("rows of 1 MB", fingerprint_of_each(rows), "200 MB/s", limit);
  r.compare("a literal of 1 MB", fingerprint_of_each(quoted), "200 MB/s", limit);
  r.compare("code of 1 MB", fingerprint_of_each(code), "200 MB/s", limit);
}

void compare_literal(runner& r) {
  static constexpr forebay::sql_text<int> literal("select id, email, name from users where tenant = {} order by id");
  r.compare(
      "a literal, again",
      [](benchmark::State& s) {
        for (auto _ : s) {
          benchmark::DoNotOptimize(
              forebay::fingerprint_of(forebay::postgresql_dialect, literal.text(), literal.text_hash()));
        }
      },
      "10 ns", nanoseconds(10));
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) try {
  bench::runner r("fingerprint", argc, argv);
  bench::compare_texts(r);
  bench::compare_literal(r);
  r.finish();
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
