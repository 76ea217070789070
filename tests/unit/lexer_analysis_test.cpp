#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <forebay/sql/analysis.hpp>

using forebay::analyse;
using forebay::mysql_dialect;
using forebay::postgresql_dialect;
using forebay::sql_operation;
using forebay::sqlite_dialect;
using forebay::statement_analysis;

namespace {

std::string joined(const std::vector<forebay::table_name>& tables) {
  std::string all;
  for (const auto& t : tables) {
    all += (all.empty() ? "" : " ") + (t.schema.empty() ? t.name : t.schema + "." + t.name);
  }
  return all;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& n : names) all += (all.empty() ? "" : " ") + (n.empty() ? "-" : n);
  return all;
}

std::string keys_of(const statement_analysis& a) {
  using source = forebay::key_condition::source;
  std::string all;
  for (const forebay::key_condition& k : a.keys) {
    all += (all.empty() ? "" : " ") + k.column;
    switch (k.from) {
      case source::argument: all += "#" + std::to_string(k.argument); break;
      case source::integer: all += "=" + std::to_string(k.integer); break;
      case source::text: all += "='" + k.text + "'"; break;
      case source::placeholder:
      case source::literal: all += "@" + std::to_string(k.at) + "+" + std::to_string(k.length); break;
    }
  }
  return a.table_wide ? "wide" : all;
}

// "operation | read | written", with ! for what may write, f for unknown functions, l for locks, ? for doubt.
std::string summary(const forebay::dialect& d, std::string_view text) {
  const statement_analysis a = analyse(d, text);
  std::string flags;
  if (a.may_write) flags += '!';
  if (a.locks) flags += 'l';
  if (a.calls_unknown_functions) flags += 'f';
  if (!a.tables_known) return std::string(to_string(a.operation)) + flags + "?";
  return std::string(to_string(a.operation)) + flags + " | " + joined(a.tables_read) + " | " + joined(a.tables_written);
}

struct expectation {
  std::string_view text;
  std::string_view expected;
};

void expect_all(const forebay::dialect& d, const std::vector<expectation>& all) {
  for (const expectation& e : all) EXPECT_EQ(summary(d, e.text), e.expected) << d.name << ": " << e.text;
}

const std::vector<expectation> everywhere{
    {"select 1", "select |  | "},
    {"select * from users", "select | users | "},
    {"SELECT id FROM users AS u WHERE u.id = {}", "select | users | "},
    {"select * from a, b c, d", "select | a b d | "},
    {"select * from a join b on a.x = b.x left join c on c.y = b.y, d", "select | a b c d | "},
    {"select * from a join b using (id, other) where 1 = 1", "select | a b | "},
    {"select * from (a join b on a.x = b.x)", "select | a b | "},
    {"select * from ((a) cross join (b))", "select | a b | "},
    {"select * from (select * from a) x join (select * from b) as y on x.i = y.i", "select | a b | "},
    {"select * from main.users", "select | main.users | "},
    {"select a from t union all select b from u intersect select c from v", "select | t u v | "},
    {"(select a from t) union (select b from u)", "select | t u | "},
    {"select (select max(x) from b) from a where exists (select 1 from c where c.i = a.i)", "select | b a c | "},
    {"select * from a where x in (select y from b) order by (select 1 from c)", "select | a b c | "},
    {"select * from t where a between 1 and 2 group by b having count(*) > 1 limit 5", "select | t | "},
    {"select case when a = 1 then 'from x' else \"from\" end from t", "select | t | "},
    {"select t.from_, updated_at, into_x from t", "select | t | "},
    {"select extract(year from at), trim(both ' ' from name) from t", "select | t | "},
    {"select substring(name from 2 for 3) from t", "select | t | "},
    {"select * from t where a is distinct from b and c is not distinct from d", "select | t | "},
    {"select distinct a from t", "select | t | "},
    {"select a from t as union, u as window, v as from, w", "select | t u v w | "},
    {"select a as from_, b from t x, u group by a, b order by c, d", "select | t u | "},
    {"values (1), (2)", "select |  | "},
    {"select f(x) from t", "selectf | t | "},
    {"select count(*), coalesce(a, lower(b)), sum(x) over (partition by y order by z) from t", "select | t | "},
    {"select s.count(x) from t", "selectf | t | "},
    {"select cast(a as decimal(9, 2)) from t", "select | t | "},
    {"select * from t where a in (1, 2) and (b or c) and not (d)", "select | t | "},
    {"select a from t join u on f(t.a) = u.b", "selectf | t u | "},
    {"with x as (select * from a) select * from x", "select | a | "},
    {"with x as (select * from a), y as (select * from x, b) select * from y join x on 1 = 1", "select | a b | "},
    {"with x (i, j) as (select 1, 2) select * from x, c", "select | c | "},
    {"with recursive r(n) as (select 1 union all select n + 1 from r where n < 9) select n from r", "select |  | "},
    {"select * from (with x as (select * from a) select * from x) y, x", "select | a x | "},
    {"select * from s.x, (with x as (select 1) select * from x) y", "select | s.x | "},
    {"insert into t values (1, 2)", "insert! |  | t"},
    {"insert into t (a, b) values ({}, {}), ({}, {})", "insert! |  | t"},
    {"insert into s.t (a) select x from u join v on u.i = v.i", "insert! | u v | s.t"},
    {"insert into t (select * from t)", "insert! | t | t"},
    {"insert into t default values", "insert! |  | t"},
    {"insert into t (a) values (f({}))", "insert!f |  | t"},
    {"update t set a = 1", "update! |  | t"},
    {"update t set a = (select max(b) from u) where c in (select d from v)", "update! | u v | t"},
    {"delete from t", "delete! |  | t"},
    {"delete from t where (select a from u) = 1 and (b in (select c from v))", "delete! | u v | t"},
    {"delete from t where a not in (select b from u)", "delete! | u | t"},
    {"-- a comment\nselect /* from x */ 1 from t -- for update", "select | t | "},
    {"select 'from a' from t where b = 'it''s'", "select | t | "},
    {"select 1;", "select |  | "},
    {"begin", "transaction!?"},
    {"commit", "transaction!?"},
    {"savepoint x", "transaction!?"},
    {"create table t (a int)", "schema!?"},
    {"drop table t", "schema!?"},
    {"alter table t add b int", "schema!?"},
    {"call f()", "call!?"},
    {"explain select 1", "unknown!?"},
    {"", "unknown!?"},
    {";", "unknown!?"},
    {"select 1; delete from t", "unknown!?"},
    {"selection", "unknown!?"},
    {"select (1", "unknown!?"},
    {"select 1)", "unknown!?"},
    {"select 'unterminated from t", "select!?"},
    {"select \"unterminated from t", "select!?"},
    {"select 1 /* unterminated", "select!?"},
    {"select * from", "select!?"},
    {"select * from 5", "select!?"},
    {"select * from {}", "select!?"},
    {"insert into {} values (1)", "insert!?"},
    {"select 1 into x from t", "select!?"},
    {"update (select 1) set a = 1", "update!?"},
};

TEST(Analysis, TellsOperationAndTablesInEveryDialect) {
  for (const auto* d : {&sqlite_dialect, &postgresql_dialect, &mysql_dialect}) expect_all(*d, everywhere);
}

TEST(Analysis, KnowsSqlite) {
  expect_all(sqlite_dialect,
             {{"select * from \"Users\" u", "select | Users | "},
              {"select * from [my table], `other one`", "select | my table other one | "},
              {"select * from \"a\"\"b\"", "select | a\"b | "},
              {"select * from json_each({}) j, t", "select | t | "},
              {"select * from pragma_table_info('t')", "selectf |  | "},
              {"replace into t values (1)", "insert! |  | t"},
              {"insert or ignore into t values (1)", "insert! |  | t"},
              {"insert into t values (1) on conflict (a) do update set b = excluded.b where t.c > 1 returning a",
               "insert! |  | t"},
              {"insert into t select * from u where true on conflict do nothing", "insert! | u | t"},
              {"update or ignore t set a = 1", "update! |  | t"},
              {"update t set a = u.a from u join v on u.i = v.i where u.i = t.i", "update! | u v | t"},
              {"with r(n) as (select 1 union all select n + 1 from r) select n from r", "select |  | "},
              {"with X as (select 1) select * from x", "select |  | "},
              {"with x as (select a from u) delete from t where a in (select a from x)", "delete! | u | t"},
              {"insert into 'users' values (1)", "insert!?"},
              {"select * from t offset, u fetch, v window, w", "select | t u v w | "},
              {"select sum(a) over w from t, u window w as (order by b), x as (order by c)", "select | t u | "},
              {"select * from t where a = :a and b = @b and c = $c and d = ?1 and e = ?", "select | t | "},
              {"pragma user_version", "unknown!?"},
              {"vacuum", "unknown!?"},
              {"select glob('*', a), a glob ('*') from t", "select | t | "}});
}

TEST(Analysis, KnowsPostgresql) {
  expect_all(
      postgresql_dialect,
      {{"select * from Users, \"Users\"", "select | users Users | "},
       {"select * from only t, lateral (select * from u where u.i = t.i) x", "select | t u | "},
       {"table t", "select | t | "},
       {"select * from t values, u set, v", "select | t u v | "},
       {"select a as from from t", "select | t | "},
       {"select * from t for update", "selectl | t | "},
       {"select * from t for no key update of t skip locked", "selectl | t | "},
       {"select * from t for key share", "selectl | t | "},
       {"select * from generate_series(1, 3) as g(n), unnest({}) u", "select |  | "},
       {"select * from f(1) x", "selectf |  | "},
       {"select * from rows from (generate_series(1, 2), f(3)) as x", "selectf |  | "},
       {"select a::numeric(9, 2), b->>'c', d @> '{}'::jsonb from t", "select!?"},
       {"select a::numeric(9, 2), b->>'c', d @> '{{}}'::jsonb from t", "select | t | "},
       {"select '{{1}}'::int[], x ? 'a', y ?| array['b'] from t", "select | t | "},
       {"select e'it\\'s from x', $$from y$$, $q$it's $$ $q$ from t", "select | t | "},
       {"select U&'\\0061' from t", "select | t | "},
       {"select * from U&\"\\0061\"", "select!?"},
       {"select /* a /* nested */ comment */ * from t", "select | t | "},
       {"select 'a'\n'b' from t", "select | t | "},
       {"select $$ {} $$ from t", "select!?"},
       {"insert into t as x (a) values (1) on conflict (a) do update set a = excluded.a", "insert! |  | t"},
       {"insert into t table u", "insert! | u | t"},
       {"insert into t with x as (select * from u) select * from x", "insert! | u | t"},
       {"update only t x set a = 1", "update! |  | t"},
       {"delete from t using u, v where t.i = u.i", "delete! | u v | t"},
       {"merge into t using (select * from u) s on t.i = s.i when matched then update set a = s.a "
        "when not matched then insert (a, b) values (s.a, s.b)",
        "merge! | u | t"},
       {"merge into t using u on t.i = u.i when matched then delete", "merge! | u | t"},
       {"with x as (delete from a returning *) select * from x", "select! |  | a"},
       {"with x as (delete from a returning *), y as (update b set c = 1 returning d) insert into e select * from x",
        "insert! |  | a b e"},
       {"with users as (select * from users) select * from users", "select | users | "},
       {"with users as (select 1) update users set a = 1", "update! |  | users"},
       {"with a as (select * from b), b as (select 1) select * from a", "select | b | "},
       {"with x as materialized (select 1) select * from x", "select |  | "},
       {"with t as (select 1) select * from t where exists (select 1 from t) and a in (select 1 from u)",
        "select | u | "},
       {"select * from (table t) x", "select | t | "},
       {"select * into x from t", "select!?"},
       {"select key(1), over(2) from t", "selectf | t | "},
       {"select release(1)", "selectf |  | "},
       {"select percentile_cont(0.5) within group (order by a) filter (where b) from t", "select | t | "},
       {"select a from t group by grouping sets ((a), ()), rollup (b)", "select | t | "},
       {"select \"lower\"(a) from t", "selectf | t | "},
       {"do $$ begin end $$", "unknown!?"},
       {"copy t from stdin", "unknown!?"},
       {"lock table t", "unknown!?"},
       {"explain analyze delete from t", "unknown!?"},
       {"truncate t", "schema!?"}});
}

TEST(Analysis, KnowsMysql) {
  expect_all(mysql_dialect,
             {{"select * from `Users`, s.`a``b`", "select | Users s.a`b | "},
              {"select \"it's from x\", 'it\\'s from y' from t # from z", "select | t | "},
              {"select 5--3 from t -- from x", "select | t | "},
              {"select * from t use index for join (i) join u using (i)", "select | t u | "},
              {"select * from t lock in share mode", "selectl | t | "},
              {"select * from t for share", "selectl | t | "},
              {"select 1 from dual", "select |  | "},
              {"select straight_join * from a straight_join b", "select | a b | "},
              {"select * from t where match (a) against ('x')", "select | t | "},
              {"select /*! sql_no_cache */ * from t", "select!?"},
              {"select /*!99999 ' */ * from t where a = 'x'", "select!?"},
              {"select _utf8'a' from t", "select | t | "},
              {"insert into t values (1) on duplicate key update a = values(a), b = 2", "insert! |  | t"},
              {"insert ignore into t set a = 1", "insert! |  | t"},
              {"replace into t values (1)", "insert! |  | t"},
              {"insert into t values (insert('a', 1, 1, 'b'), left('c', 1))", "insert!f |  | t"},
              {"update low_priority ignore t set a = 1", "update! |  | t"},
              {"update a join b on a.i = b.i set a.x = 1", "update! |  | a b"},
              {"update a, b set a.x = 1 where b.i = 2", "update! |  | a b"},
              {"delete x from users x where x.id = 1", "delete! |  | users"},
              {"delete a, b from users a join orders b on a.i = b.i", "delete! |  | users orders"},
              {"delete from a using users as a join b on 1 = 1", "delete!?"},
              {"select * into outfile 'x' from t", "select!?"},
              {"select @a := 1 from t", "select | t | "},
              {"with X as (select 1) select * from x", "select | x | "},
              {"select * from 1a", "select!?"},
              {"select * from \"users\"", "select!?"}});
  forebay::dialect ansi = mysql_dialect;
  ansi.ansi_quotes = true;
  expect_all(ansi, {{"select * from \"users\"", "select | users | "}});
}

std::string keys(const forebay::dialect& d, std::string_view text) { return keys_of(analyse(d, text)); }

TEST(Analysis, FindsTheKeysThatAWriteNames) {
  const std::vector<expectation> all{
      {"update users set name = {} where id = {}", "id#1"},
      {"UPDATE Users SET name = {} WHERE users.id = {} AND tenant = 7", "id#1 tenant=7"},
      {"update users u set name = {} where u.id = {} and u.version = {}", "id#1 version#2"},
      {"update users as u set name = 'x' where (u.id = {})", "id#0"},
      {"delete from users where id = {}", "id#0"},
      {"delete from users where {} = id", "id#0"},
      {"delete from users where {} = users.id and 5 = tenant", "id#0 tenant=5"},
      {"delete from users where id = 42", "id=42"},
      {"delete from users where id = -42", "id=-42"},
      {"delete from users where id = '42'", "id='42'"},
      {"delete from users where name = 'it''s {{}}'", "name='it's {}'"},
      {"delete from users where id = 1.5", "id@29+3"},
      {"delete from users where id = 99999999999999999999", "id@29+20"},
      {"delete from users where id in ({})", "id#0"},
      {"delete from users where (a = 1 and b = 2) and (c = 3)", "a=1 b=2 c=3"},
      {"delete from users where ((a = 1) and ((b = 2)))", "a=1 b=2"},
      {"delete from users where id = {} and a between 1 and 2 and b = 3", "id#0 b=3"},
      {"delete from users where id = {} and (a = 1 or b = 2)", "id#0"},
      {"delete from users where id = {} and not deleted", "id#0"},
      {"delete from users where id = {} and exists (select 1 from orders where id = 1 or 2 = 2)", "id#0"},
      {"delete from users where a = {} and b = {} returning *", "a#0 b#1"},
      {"update users set a = (select b from c where d = {}) where id = {}", "id#1"},
      {"update users set name = {} where tenant = {} and id in (select id from x)", "tenant#1"},
      {"delete from users where id = /* or 1 = 1 */ {} -- or 1 = 1", "id#0"},
      {"delete from users where id = {} and id = {}", "id#0 id#1"},
  };
  for (const auto* d : {&sqlite_dialect, &postgresql_dialect, &mysql_dialect}) {
    for (const expectation& e : all) EXPECT_EQ(keys(*d, e.text), e.expected) << d->name << ": " << e.text;
  }
}

TEST(Analysis, IsTableWideWhenInDoubt) {
  const std::vector<std::string_view> all{
      "update users set name = {}",
      "delete from users",
      "delete from users where id = {} or 1 = 1",
      "delete from users where 1 = 1 or id = {}",
      "delete from users where id = {} and a = 1 or b = 2",
      "delete from users where (id = {} or a = 1)",
      "delete from users where (id = {} or a = 1) and b",
      "delete from users where not id = {}",
      "delete from users where not (id = {})",
      "delete from users where (id = {}) = false",
      "delete from users where (id = {}) is null",
      "delete from users where (id = {}) or b",
      "delete from users where id <> {}",
      "delete from users where id > {}",
      "delete from users where id = {} + 1",
      "delete from users where id + 1 = {}",
      "delete from users where id = other",
      "delete from users where id = id",
      "delete from users where id = null",
      "delete from users where abs(id) = {}",
      "delete from users where id = abs({})",
      "delete from users where id = (select 5)",
      "delete from users where (select id = {})",
      "delete from users where (select 1) = id",
      "delete from users where id in (select 5)",
      "delete from users where id in ({}, {})",
      "delete from users where id not in ({})",
      "delete from users where id between {} and {}",
      "delete from users where id between {} and id = {}",
      "delete from users where x between y between 1 and 2 and id = {}",
      "delete from users where id = {} collate nocase",
      "delete from users where id = {} = 1",
      "delete from users where 1 = id = {}",
      "delete from users where (id, a) = (1, 2)",
      "delete from users where case when id = {} then 1 else 2 end = 1",
      "delete from users where case 1 when 2 then 3 and id = {} end",
      "delete from users where other.id = {}",
      "delete from users u where users.id = {}",
      "delete from users where id = {} limit 1",
      "delete from users where id = {} order by x limit 1",
      "update users set id = 5 where id = {}",
      "update users set \"id\" = 5, `ID` = 6 where ID = {}",
      "update users set (id, a) = (1, 2) where id = {}",
      "update users set name = {} from other where id = {}",
      "delete from users where current of c",
      "delete from users where case when a and b = 1 then c end and id = {}",
      "delete from users where id = {} and case when end = 1 and tenant = 2 and x then 1 end",
      "delete from users where id = {} and returning or x = 2",
      "delete from users where id = {} xor a",
      "delete from users where id like {}",
      "delete from users where id is {}",
      "delete from users where id = {}; delete from users",
      "delete from users where id = 'unterminated",
  };
  for (const auto* d : {&sqlite_dialect, &postgresql_dialect, &mysql_dialect}) {
    for (std::string_view text : all) {
      // In two dialects these quotes mean something else, which is no less table-wide.
      EXPECT_EQ(keys(*d, text), "wide") << d->name << ": " << text;
    }
  }
  EXPECT_EQ(keys(postgresql_dialect, "delete from users where id = {}::text"), "wide");
  EXPECT_EQ(keys(postgresql_dialect, "delete from users using other where users.id = {}"), "wide");
  EXPECT_EQ(keys(postgresql_dialect, "delete from users where id = e'4\\'2'"), "id@29+7");
  EXPECT_EQ(keys(postgresql_dialect, "delete from users where id = $1"), "id@29+2");
  EXPECT_EQ(keys(postgresql_dialect, "delete from users where id = any({})"), "wide");
  EXPECT_EQ(keys(mysql_dialect, "delete from users where id = {} || a"), "wide");
  EXPECT_EQ(keys(mysql_dialect, "delete from users where id = \"42\""), "id@29+4");
  EXPECT_EQ(keys(mysql_dialect, "delete from users where id = 'a\\'b'"), "id@29+6");
  EXPECT_EQ(keys(mysql_dialect, "update users join other on 1 = 1 set a = 1 where users.id = {}"), "wide");
  EXPECT_EQ(keys(sqlite_dialect, "delete from users where id == {}"), "id#0");
  EXPECT_EQ(keys(sqlite_dialect, "delete from users where id = :id"), "id@29+3");
  EXPECT_EQ(keys(sqlite_dialect, "delete from users where id = \"42\""), "wide");
}

TEST(Analysis, GivesNoKeysWhenMoreThanOneWriteIsInIt) {
  EXPECT_EQ(keys(postgresql_dialect, "with x as (delete from a where id = {} returning *) delete from b where id = {}"),
            "wide");
  EXPECT_EQ(keys(postgresql_dialect, "with x as (delete from a where id = {} returning *) select * from x"), "id#0");
}

TEST(Analysis, ListsWhatIsAssignedAndReturned) {
  const auto a = analyse(sqlite_dialect,
                         "update users as u set name = {}, \"Age\" = 1 where id = 2 returning id, u.name, age + 1, "
                         "tenant as t, other.x, lower(name)");
  EXPECT_EQ(joined(a.assigned), "name Age");
  EXPECT_EQ(joined(a.returning), "id name - tenant - -");
  EXPECT_FALSE(a.returning_all);
  EXPECT_FALSE(a.replaces_rows);

  EXPECT_TRUE(analyse(sqlite_dialect, "update or replace t set a = 1 where id = 2").replaces_rows);
  EXPECT_FALSE(analyse(sqlite_dialect, "update or ignore t set a = 1 where id = 2").replaces_rows);
  const auto b = analyse(sqlite_dialect, "insert or replace into t values (1) returning *, id");
  EXPECT_TRUE(b.replaces_rows);
  EXPECT_TRUE(b.returning_all);
  EXPECT_EQ(joined(b.returning), "- id");
  EXPECT_TRUE(analyse(sqlite_dialect, "replace into t values (1)").replaces_rows);

  const auto c =
      analyse(postgresql_dialect, "insert into t values (1) on conflict (id) do update set id = 2 returning t.*");
  EXPECT_EQ(joined(c.assigned), "id");
  EXPECT_TRUE(c.returning_all);
  EXPECT_EQ(joined(analyse(mysql_dialect, "insert into t values (1) on duplicate key update t.a = 1, b = 2").assigned),
            "t a b");
  EXPECT_EQ(joined(analyse(postgresql_dialect, "with x as (delete from t returning id) select id from x").returning),
            "");
  EXPECT_EQ(joined(analyse(postgresql_dialect, "delete from t returning id").returning), "id");
}

TEST(Analysis, ComparesNamesAsTheDatabaseDoes) {
  using forebay::names_table;
  EXPECT_TRUE(names_table(sqlite_dialect, {"", "Users"}, "users"));
  EXPECT_TRUE(names_table(sqlite_dialect, {"MAIN", "Users"}, "main.users"));
  EXPECT_TRUE(names_table(sqlite_dialect, {"main", "users"}, "users"));
  EXPECT_FALSE(names_table(sqlite_dialect, {"temp", "users"}, "main.users"));
  EXPECT_FALSE(names_table(postgresql_dialect, {"", "Users"}, "users"));
  EXPECT_TRUE(names_table(mysql_dialect, {"", "USERS"}, "users"));
}

TEST(Analysis, EndsOnDeepParentheses) {
  for (const char c : {'(', ')'}) {
    EXPECT_FALSE(analyse(sqlite_dialect, "select " + std::string(1'000'000, c)).tables_known);
  }
  const std::string deep = "select " + std::string(200, '(') + "1" + std::string(200, ')') + " from t";
  EXPECT_EQ(summary(sqlite_dialect, deep), "select | t | ");
}

}  // namespace
