#include <forebay/sql/analysis.hpp>

#include <algorithm>
#include <utility>

#include <forebay/sql/pieces.hpp>

#include "conjunction.hpp"
#include "keywords.hpp"
#include "lexer.hpp"

namespace forebay {

namespace detail {

namespace {

using family = dialect::family;

// What the parentheses hold that are open; the first frame is the statement itself.
enum class frame_kind : std::uint8_t {
  plain,      // an expression, a list; becomes a statement when it begins like one
  statement,  // a SELECT or another verb, in a WITH too
  tables,     // FROM (a JOIN b ...)
  terms,      // of a WHERE: see conjunction
  list,       // column IN (...)
  names       // SET (a, b) = ...
};

enum class clause : std::uint8_t { start, target, from, where, set, returning, other };

enum class with_step : std::uint8_t { none, name, after_name, body, after_body };

struct frame {
  frame_kind kind = frame_kind::plain;
  sql_operation verb = sql_operation::unknown;
  clause in = clause::start;
  with_step with = with_step::none;
  bool at_start = true;
  bool expects_table = false;
  bool names_columns = false;  // SET: before the =
  bool behind_on = false;      // FROM a JOIN b ON
  bool is_with_body = false;
  bool is_in_where = false;  // of an UPDATE or DELETE
  bool recursive = false;
  bool several_tables = false;  // changed at once, or joined to what is changed
  std::size_t arguments = 0;    // of a list
  std::size_t tokens = 0;       // of a list
  std::string with_name{};
  conjunction terms{};
};

struct with_name {
  std::string name;
  std::size_t depth;  // known while so many frames are open
};

// Whether the keyword `last` with parentheses behind it is no call of a function. What stood before it decides about
// those that PostgreSQL lets functions be called by.
bool stands_before_parentheses(const dialect& d, keyword last, keyword before_last, const token& before) {
  switch (last) {
    case keyword::all_:
    case keyword::and_:
    case keyword::any_:
    case keyword::array_:
    case keyword::as_:
    case keyword::between_:
    case keyword::case_:
    case keyword::distinct_:
    case keyword::else_:
    case keyword::except_:
    case keyword::exists_:
    case keyword::from_:
    case keyword::having_:
    case keyword::ilike_:
    case keyword::in_:
    case keyword::intersect_:
    case keyword::is_:
    case keyword::join_:
    case keyword::lateral_:
    case keyword::like_:
    case keyword::limit_:
    case keyword::not_:
    case keyword::offset_:
    case keyword::on_:
    case keyword::only_:
    case keyword::or_:
    case keyword::row_:
    case keyword::select_:
    case keyword::similar_:
    case keyword::some_:
    case keyword::table_:
    case keyword::then_:
    case keyword::union_:
    case keyword::using_:
    case keyword::values_:
    case keyword::when_:
    case keyword::where_: return true;
    case keyword::by_:
      return before_last == keyword::group_ || before_last == keyword::order_ || before_last == keyword::partition_;
    case keyword::conflict_: return before_last == keyword::on_;
    case keyword::filter_:
    case keyword::over_: return before.is(')');
    case keyword::group_: return before_last == keyword::within_;
    case keyword::rollup_: return true;
    case keyword::insert_: return before_last == keyword::then_;  // MERGE
    case keyword::sets_: return before_last == keyword::grouping_;
    case keyword::against_:
    case keyword::binary_:
    case keyword::div_:
    case keyword::index_:
    case keyword::interval_:
    case keyword::match_:
    case keyword::partition_:
    case keyword::regexp_:
    case keyword::rlike_:
    case keyword::xor_: return d.lexical == family::mysql;
    case keyword::glob_: return d.lexical == family::sqlite;
    default: return false;
  }
}

// One pass over the tokens, with a frame for each parenthesis that is open.
class analyser {
 public:
  analyser(const dialect& d, std::string_view text) : dialect_(d), lexer_(d, text), pieces_(text) {}

  statement_analysis run() {
    frames_.push_back({.kind = frame_kind::statement});
    next_ = lexer_.next();
    for (advance(); now_.kind != token_kind::end && !decided_; advance()) step();
    if (!decided_) finish();
    return std::move(found_);
  }

 private:
  static constexpr std::size_t max_depth = 250;

  frame& top() { return frames_.back(); }
  conjunction::surroundings around() { return {dialect_, changed_, found_.keys}; }

  void advance() {
    before_last_ = last_keyword_;
    last_keyword_ = keyword_;
    before_ = last_;
    last_ = now_;
    now_ = next_;
    if (now_.kind != token_kind::end) next_ = lexer_.next();
    keyword_ = now_.kind == token_kind::word && !last_.is('.') ? keyword_of(now_.text) : keyword::none;
    // What stands behind AS is a name, whatever it is called, but for WITH a AS MATERIALIZED (...).
    const bool is_alias = last_keyword_ == keyword::as_ && top().with == with_step::none;
    if (is_alias) keyword_ = keyword::none;
    if (now_.kind == token_kind::placeholder && now_.text == "{}") count_argument();
  }

  // What is bound is decided by sql_pieces, which knows no dialect: the two must agree.
  void count_argument() {
    for (;;) {
      const std::size_t at = pieces_.position();
      const sql_piece piece = pieces_.next();
      if (piece.what == sql_piece::kind::placeholder) {
        doubt_ = doubt_ || piece.quoted || at != now_.at;
        break;
      }
      if (piece.what == sql_piece::kind::end) {
        doubt_ = true;
        break;
      }
    }
    ++arguments_;
  }

  // The operation is all that can be told.
  void decide(sql_operation what) {
    found_ = {};
    found_.operation = what;
    decided_ = true;
  }

  void step();
  void step_statement();
  void step_clause();
  void step_with();
  void step_returning();
  void begin_statement();
  bool begin_write(sql_operation verb);
  void begin_top_level();
  void open();
  void close();
  void close_statement();
  void leave_where();
  void check_function();
  [[nodiscard]] bool is_call() const;
  bool take_table();
  void add_table(table_name t, bool written);
  [[nodiscard]] bool is_with_name(const table_name& t) const;
  void finish_with_body();
  void end_returning_item();
  void finish();

  const dialect& dialect_;
  lexer lexer_;
  sql_pieces pieces_;
  token before_, last_, now_, next_;
  keyword keyword_ = keyword::none, last_keyword_ = keyword::none, before_last_ = keyword::none;
  std::vector<frame> frames_;
  std::vector<with_name> with_names_;
  statement_analysis found_;
  changed_table changed_;
  std::size_t arguments_ = 0;
  std::size_t writes_ = 0;
  bool keys_count_ = true;
  bool writes_otherwise_ = false;
  bool doubt_ = false;
  bool decided_ = false;

  enum class item : std::uint8_t { start, name, dot, alias, expression };
  item item_ = item::start;
  std::string item_name_;
};

void analyser::step() {
  if (now_.is(';')) {
    if (frames_.size() > 1 || next_.kind != token_kind::end) decide(sql_operation::unknown);
    return;
  }
  if (now_.is('(')) return open();
  if (now_.is(')')) return close();
  frame& f = top();
  ++f.tokens;
  if (std::exchange(f.at_start, false)) {
    const bool begins = keyword_ == keyword::select_ || keyword_ == keyword::with_ || keyword_ == keyword::values_ ||
                        keyword_ == keyword::table_;
    if (begins && f.kind != frame_kind::names) {
      f.kind = frame_kind::statement;
      f.expects_table = false;
    }
    if (f.kind == frame_kind::statement) return begin_statement();
  }
  switch (f.kind) {
    case frame_kind::statement: return step_statement();
    case frame_kind::plain: return;
    case frame_kind::tables: return step_clause();
    case frame_kind::terms: return f.terms.take(around(), now_, keyword_, arguments_ - 1);
    case frame_kind::list:
      if (now_.text == "{}") ++f.arguments;
      return;
    case frame_kind::names:
      if (now_.is_name()) found_.assigned.push_back(name_of(dialect_, now_));
      return;
  }
}

// The first word of a statement or of what stands in parentheses, or the verb behind WITH.
void analyser::begin_statement() {
  frame& f = top();
  switch (keyword_) {
    case keyword::with_: f.with = with_step::name; return;
    case keyword::table_: f.expects_table = true; [[fallthrough]];
    case keyword::select_:
    case keyword::values_:
      f.in = f.expects_table ? clause::from : clause::other;
      if (f.verb == sql_operation::unknown) f.verb = sql_operation::select;
      break;
    case keyword::insert_:
    case keyword::replace_:
      if (!begin_write(sql_operation::insert)) return;
      found_.replaces_rows = found_.replaces_rows || keyword_ == keyword::replace_;
      break;
    case keyword::update_:
      if (!begin_write(sql_operation::update)) return;
      break;
    case keyword::delete_:
      if (!begin_write(sql_operation::remove)) return;
      break;
    case keyword::merge_:
      if (!begin_write(sql_operation::merge)) return;
      break;
    default:
      if (frames_.size() > 1) {
        doubt_ = true;
        return;
      }
      return begin_top_level();
  }
  if (frames_.size() == 1) found_.operation = top().verb;
}

bool analyser::begin_write(sql_operation verb) {
  frame& f = top();
  if (frames_.size() > 1 && !f.is_with_body) {
    doubt_ = true;
    return false;
  }
  ++writes_;
  f.verb = verb;
  f.in = clause::target;
  f.expects_table = verb == sql_operation::update;
  return true;
}

void analyser::begin_top_level() {
  switch (keyword_) {
    case keyword::call_:
    case keyword::exec_:
    case keyword::execute_: return decide(sql_operation::call);
    case keyword::begin_:
    case keyword::start_:
    case keyword::commit_:
    case keyword::end_:
    case keyword::abort_:
    case keyword::rollback_:
    case keyword::savepoint_:
    case keyword::release_: return decide(sql_operation::transaction);
    case keyword::create_:
    case keyword::alter_:
    case keyword::drop_:
    case keyword::truncate_:
    case keyword::rename_:
    case keyword::comment_:
    case keyword::grant_:
    case keyword::revoke_:
    case keyword::reindex_: return decide(sql_operation::schema);
    default: return decide(sql_operation::unknown);
  }
}

void analyser::step_statement() {
  frame& f = top();
  if (f.with != with_step::none) return step_with();
  if (f.in == clause::returning) return step_returning();
  if (f.in == clause::where && (f.verb == sql_operation::update || f.verb == sql_operation::remove)) {
    const bool ends = keyword_ == keyword::returning_ || keyword_ == keyword::order_ || keyword_ == keyword::limit_;
    if (!ends) return f.terms.take(around(), now_, keyword_, arguments_ - 1);
    doubt_ = doubt_ || !f.terms.may_end();  // MySQL: a column may be called "returning"
    leave_where();
  }
  step_clause();
}

void analyser::step_with() {
  frame& f = top();
  switch (f.with) {
    case with_step::name:
      if (keyword_ == keyword::recursive_ && next_.is_name()) {
        f.recursive = true;
        return;
      }
      f.with_name = now_.is_name() ? name_of(dialect_, now_) : std::string();
      doubt_ = doubt_ || f.with_name.empty();
      f.with = with_step::after_name;
      return;
    case with_step::after_name:
      if (keyword_ == keyword::as_) {
        f.with = with_step::body;
        return;
      }
      break;
    case with_step::body:
      if (keyword_ == keyword::not_ || keyword_ == keyword::materialized_) return;
      break;
    case with_step::after_body:
      f.with = with_step::none;
      if (now_.is(',')) {
        f.with = with_step::name;
        return;
      }
      return begin_statement();
    case with_step::none: break;
  }
  doubt_ = true;
}

void analyser::step_clause() {
  frame& f = top();
  const bool writes = f.verb == sql_operation::update || f.verb == sql_operation::remove ||
                      f.verb == sql_operation::insert || f.verb == sql_operation::merge;
  if (f.expects_table && take_table()) return;
  if (f.names_columns) {
    if (now_.is_name()) found_.assigned.push_back(name_of(dialect_, now_));
    if (now_.is('=') || now_.is(":=")) f.names_columns = false;
    return;
  }
  if (now_.is(',')) {
    if (f.in == clause::set) f.names_columns = true;
    if (f.in == clause::from || f.kind == frame_kind::tables) f.expects_table = true;
    // Before its FROM, MySQL's DELETE lists names that FROM explains.
    if (f.in == clause::target && !changed_.name.empty()) f.expects_table = f.several_tables = true;
    f.behind_on = false;
    return;
  }
  switch (keyword_) {
    case keyword::values_:  // PostgreSQL: FROM a values, b
      if (f.verb == sql_operation::select && f.in == clause::from) {
        const keyword l = last_keyword_;
        if (l != keyword::union_ && l != keyword::intersect_ && l != keyword::except_ && l != keyword::all_) return;
      }
      [[fallthrough]];
    case keyword::select_:
      if (f.verb == sql_operation::insert || f.verb == sql_operation::select) f.in = clause::other;
      return;
    case keyword::with_:
      if (f.verb == sql_operation::insert && f.in == clause::target) f.with = with_step::name;
      return;
    case keyword::table_:  // INSERT INTO a TABLE b, SELECT ... UNION TABLE b
      if (dialect_.lexical == family::sqlite) return;
      f.in = clause::from;
      f.expects_table = true;
      return;
    case keyword::replace_:
      if (last_keyword_ == keyword::or_ && f.in == clause::target) found_.replaces_rows = true;
      return;
    case keyword::into_:
      if (f.in == clause::target && (f.verb == sql_operation::insert || f.verb == sql_operation::merge)) {
        f.expects_table = true;
      } else if (f.verb == sql_operation::select || f.in != clause::target) {
        writes_otherwise_ = doubt_ = true;  // SELECT INTO makes a table, or a file
      }
      return;
    case keyword::from_:
      if (last_keyword_ == keyword::distinct_ && (before_last_ == keyword::is_ || before_last_ == keyword::not_)) {
        return;
      }
      if (f.verb == sql_operation::remove && f.in == clause::target) {
        f.expects_table = true;
        return;
      }
      f.several_tables = f.several_tables || f.verb == sql_operation::update;
      f.in = clause::from;
      f.expects_table = true;
      f.behind_on = false;
      return;
    case keyword::using_:
      if (f.in != clause::target || (f.verb != sql_operation::remove && f.verb != sql_operation::merge)) return;
      // MySQL's DELETE FROM a USING users AS a: the names of what is changed stand behind USING.
      doubt_ = doubt_ || (f.verb == sql_operation::remove && dialect_.lexical == family::mysql);
      f.in = clause::from;
      f.expects_table = f.several_tables = true;
      return;
    case keyword::join_:
    case keyword::straight_join_:
      if (last_keyword_ == keyword::for_) return;  // MySQL: USE INDEX FOR JOIN
      if (f.in != clause::from && f.in != clause::target && f.kind != frame_kind::tables) return;
      f.several_tables = true;
      f.expects_table = true;
      f.behind_on = false;
      return;
    case keyword::on_: f.behind_on = true; return;
    case keyword::where_:
      f.in = clause::where;
      if (f.verb == sql_operation::update || f.verb == sql_operation::remove) f.terms = conjunction(around());
      return;
    case keyword::set_:
      if (f.in == clause::target ? f.verb == sql_operation::update : last_keyword_ == keyword::update_) {
        f.in = clause::set;
        f.names_columns = true;
      } else if (f.verb == sql_operation::insert && f.in == clause::target) {
        f.in = clause::other;  // MySQL: INSERT INTO t SET a = 1
      }
      return;
    case keyword::update_:
      if (f.verb == sql_operation::insert && last_keyword_ == keyword::key_) {  // MySQL: ON DUPLICATE KEY UPDATE
        f.in = clause::set;
        f.names_columns = true;
      }
      return;
    case keyword::returning_:
      if (!writes) return;
      f.in = clause::returning;
      item_ = item::start;
      return;
    case keyword::limit_:
      f.in = clause::other;
      f.several_tables = f.several_tables || f.verb == sql_operation::update || f.verb == sql_operation::remove;
      return;
    case keyword::group_:
    case keyword::having_:
    case keyword::order_:
    case keyword::union_:
    case keyword::intersect_:
    case keyword::except_:
    case keyword::default_:
      if (f.verb == sql_operation::select || f.verb == sql_operation::insert) f.in = clause::other;
      return;
    case keyword::window_:  // in SQLite also a name
      if (next_.is_name()) f.in = clause::other;
      return;
    case keyword::for_:
    case keyword::lock_: {
      if (next_.kind != token_kind::word) return;
      const keyword behind = keyword_of(next_.text);
      found_.locks = found_.locks || behind == keyword::update_ || behind == keyword::share_ ||
                     behind == keyword::no_ || behind == keyword::key_ ||
                     (keyword_ == keyword::lock_ && behind == keyword::in_);
      return;
    }
    default: break;
  }
  // An alias: of the one table that is changed.
  if (f.in == clause::target && now_.is_name() && keyword_ == keyword::none && changed_.alias.empty() &&
      !changed_.name.empty()) {
    changed_.alias = name_of(dialect_, now_);
  }
}

// True when the token was part of naming a table.
bool analyser::take_table() {
  frame& f = top();
  const bool target = f.in == clause::target;
  switch (keyword_) {
    case keyword::only_:
    case keyword::lateral_:
      if (next_.is_name() || next_.is('(')) return true;
      break;
    case keyword::low_priority_:
    case keyword::ignore_:
      if (target && dialect_.lexical == family::mysql) return true;
      break;
    case keyword::or_:  // SQLite: UPDATE OR IGNORE t
      if (!target) break;
      found_.replaces_rows = found_.replaces_rows || keyword_of(next_.text) == keyword::replace_;
      return advance(), true;
    case keyword::row_:
    case keyword::rows_:
      if (keyword_of(next_.text) == keyword::from_) return advance(), true;
      break;
    case keyword::select_:
    case keyword::values_:
    case keyword::where_:
    case keyword::from_:
    case keyword::set_:
      f.expects_table = false;
      doubt_ = true;
      return false;
    default: break;
  }
  f.expects_table = false;
  if (!now_.is_name()) {
    doubt_ = true;
    return true;
  }
  table_name t{{}, name_of(dialect_, now_)};
  bool plain = !t.name.empty();
  while (next_.is('.')) {
    advance();
    if (!next_.is_name()) {
      doubt_ = true;
      return true;
    }
    advance();
    t.schema = std::exchange(t.name, name_of(dialect_, now_));
    plain = plain && !t.name.empty();
  }
  doubt_ = doubt_ || !plain;
  if (next_.is('(') && !target) {
    found_.calls_unknown_functions = found_.calls_unknown_functions || !t.schema.empty() || !is_known_function(t.name);
    return true;
  }
  if (target && changed_.name.empty()) changed_.name = t.name;
  add_table(std::move(t), target);
  return true;
}

void analyser::add_table(table_name t, bool written) {
  if (!written && (is_with_name(t) || (dialect_.lexical == family::mysql && same_letters(t.name, "dual")))) return;
  auto& list = written ? found_.tables_written : found_.tables_read;
  if (std::ranges::find(list, t) == list.end()) list.push_back(std::move(t));
}

bool analyser::is_with_name(const table_name& t) const {
  if (!t.schema.empty()) return false;
  return std::ranges::any_of(with_names_, [&](const with_name& w) {
    return dialect_.lexical == family::sqlite ? same_letters(w.name, t.name) : w.name == t.name;
  });
}

// Whether the name just read, with the parenthesis that comes, calls a function.
bool analyser::is_call() const {
  const frame& f = frames_.back();
  if (!last_.is_name()) return false;
  if (f.with != with_step::none || f.names_columns) return false;
  if (f.in == clause::target && f.kind == frame_kind::statement) return false;  // the columns of an INSERT
  const bool may_alias = f.in == clause::from || f.kind == frame_kind::tables;
  if (may_alias && !f.behind_on) return false;                         // AS t (a, b)
  if (before_last_ == keyword::as_ || before_.is("::")) return false;  // CAST(a AS decimal(9, 2))
  return !stands_before_parentheses(dialect_, last_keyword_, before_last_, before_);
}

void analyser::check_function() {
  const bool known = !before_.is('.') && last_.kind == token_kind::word && is_known_function(last_.text);
  found_.calls_unknown_functions = found_.calls_unknown_functions || !known;
}

void analyser::open() {
  frame& f = top();
  ++f.tokens;
  if (frames_.size() >= max_depth) return decide(sql_operation::unknown);
  if (is_call()) check_function();
  const bool first = std::exchange(f.at_start, false);
  frame inner;
  if (f.with == with_step::body) {
    inner.kind = frame_kind::statement;
    inner.is_with_body = true;
    if (f.recursive || dialect_.lexical == family::sqlite) with_names_.push_back({f.with_name, frames_.size()});
  } else if (first && f.kind == frame_kind::statement) {  // (SELECT ...) UNION (SELECT ...)
    f.verb = sql_operation::select;
    f.in = clause::other;
    if (frames_.size() == 1) found_.operation = sql_operation::select;
  } else if (f.expects_table) {
    doubt_ = doubt_ || f.in == clause::target;
    f.expects_table = false;
    inner.kind = frame_kind::tables;
    inner.expects_table = true;
  } else if (f.names_columns) {
    inner.kind = frame_kind::names;
  } else if (f.in == clause::returning) {
    item_ = item::expression;
  } else if (f.kind == frame_kind::terms ||
             (f.in == clause::where && (f.verb == sql_operation::update || f.verb == sql_operation::remove))) {
    inner.is_in_where = true;
    switch (f.terms.open(around())) {
      case conjunction::parentheses::terms:
        inner.kind = frame_kind::terms;
        inner.terms = conjunction(around());
        break;
      case conjunction::parentheses::list: inner.kind = frame_kind::list; break;
      case conjunction::parentheses::other: break;
    }
  }
  frames_.push_back(std::move(inner));
}

void analyser::close() {
  if (frames_.size() == 1) return decide(sql_operation::unknown);
  frame& f = top();
  if (f.kind == frame_kind::statement) close_statement();
  doubt_ = doubt_ || f.expects_table;
  if (f.kind == frame_kind::terms) f.terms.end(around());
  const frame_kind kind = f.kind;
  const bool in_where = f.is_in_where;
  const bool one_argument = kind == frame_kind::list && f.arguments == 1 && f.tokens == 1;
  frames_.pop_back();
  std::erase_if(with_names_, [&](const with_name& w) { return w.depth > frames_.size(); });
  frame& outer = top();
  if (in_where && kind == frame_kind::terms) outer.terms.close_terms();
  if (in_where && kind != frame_kind::terms) outer.terms.close_list(around(), one_argument, arguments_ - 1);
  if (outer.with == with_step::body) finish_with_body();
}

void analyser::finish_with_body() {
  frame& f = top();
  f.with = with_step::after_body;
  if (!is_with_name({{}, f.with_name})) with_names_.push_back({f.with_name, frames_.size()});
}

void analyser::leave_where() {
  top().terms.end(around());
  top().in = clause::other;
}

void analyser::close_statement() {
  frame& f = top();
  doubt_ = doubt_ || f.with != with_step::none || f.expects_table || f.names_columns;
  const bool changes = f.verb == sql_operation::update || f.verb == sql_operation::remove;
  if (changes && f.in == clause::where) leave_where();
  if (f.in == clause::returning) end_returning_item();
  if (changes) keys_count_ = keys_count_ && !f.several_tables;
}

void analyser::step_returning() {
  if (now_.is(',')) return end_returning_item(), void(item_ = item::start);
  switch (item_) {
    case item::start:
      item_ = now_.is_name() ? item::name : item::expression;
      item_name_ = now_.is_name() ? name_of(dialect_, now_) : std::string();
      found_.returning_all = found_.returning_all || now_.is('*');
      return;
    case item::name:
      if (now_.is('.')) {
        item_ = item::dot;
      } else if (keyword_ == keyword::as_ && next_.is_name()) {
        advance();
        item_ = item::alias;
      } else {
        const bool asks = same_letters(now_.text, "notnull") || same_letters(now_.text, "isnull");
        item_ = now_.is_name() && !asks ? item::alias : item::expression;
      }
      return;
    case item::dot:
      found_.returning_all = found_.returning_all || now_.is('*');
      item_ = now_.is_name() && changed_.is_meant_by(item_name_) ? item::name : item::expression;
      item_name_ = now_.is_name() ? name_of(dialect_, now_) : std::string();
      return;
    case item::alias:
    case item::expression: item_ = item::expression; return;
  }
}

void analyser::end_returning_item() {
  const bool column = item_ == item::name || item_ == item::alias;
  found_.returning.push_back(column ? std::move(item_name_) : std::string());
  item_name_.clear();
}

void analyser::finish() {
  if (frames_.size() > 1) return decide(sql_operation::unknown);
  close_statement();
  doubt_ = doubt_ || lexer_.unsure();
  for (sql_piece piece = pieces_.next(); piece.what != sql_piece::kind::end; piece = pieces_.next()) {
    doubt_ = doubt_ || piece.what == sql_piece::kind::placeholder;
  }
  found_.may_write = writes_ > 0 || writes_otherwise_ || found_.operation == sql_operation::unknown || doubt_;
  found_.tables_known = !doubt_ && found_.operation != sql_operation::unknown;
  const auto is_assigned = [&](const key_condition& key) {
    return std::ranges::any_of(found_.assigned, [&](const std::string& a) { return same_letters(a, key.column); });
  };
  std::erase_if(found_.keys, is_assigned);
  if (!found_.tables_known || writes_ != 1 || !keys_count_) found_.keys.clear();
  // What a WITH returns is not what the statement does.
  if (writes_ != 1 || found_.operation == sql_operation::select) {
    found_.returning.clear();
    found_.returning_all = false;
  }
  found_.table_wide = found_.keys.empty();
}

}  // namespace

}  // namespace detail

std::string_view to_string(sql_operation what) noexcept {
  switch (what) {
    case sql_operation::unknown: return "unknown";
    case sql_operation::select: return "select";
    case sql_operation::insert: return "insert";
    case sql_operation::update: return "update";
    case sql_operation::remove: return "delete";
    case sql_operation::merge: return "merge";
    case sql_operation::call: return "call";
    case sql_operation::schema: return "schema";
    case sql_operation::transaction: return "transaction";
  }
  return {};
}

bool names_table(const dialect& d, const table_name& written, std::string_view declared) noexcept {
  const std::size_t dot = declared.find('.');
  const std::string_view name = dot == std::string_view::npos ? declared : declared.substr(dot + 1);
  const std::string_view schema = dot == std::string_view::npos ? std::string_view() : declared.substr(0, dot);
  const bool exact = d.lexical == dialect::family::postgresql;
  const auto same = [exact](std::string_view a, std::string_view b) {
    return exact ? a == b : detail::same_letters(a, b);
  };
  return same(written.name, name) && (schema.empty() || written.schema.empty() || same(written.schema, schema));
}

statement_analysis analyse(const dialect& d, std::string_view text) { return detail::analyser(d, text).run(); }

}  // namespace forebay
