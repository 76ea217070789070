#include <algorithm>
#include <string>
#include <utility>

#include <forebay/database.hpp>
#include <forebay/script.hpp>
#include <forebay/sql/fingerprint.hpp>

#include "database_core.hpp"
#include "script_statements.hpp"
#include "sql/lexer.hpp"

namespace forebay {

namespace detail {

namespace {

bool is_word(const token& t, std::string_view lower_case) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return t.kind == token_kind::word && std::ranges::equal(t.text, lower_case, {}, lower);
}

// Where a statement ends: at its semicolon, and for CREATE TRIGGER at that of "; end;".
class statement_end {
 public:
  // True when this semicolon ends the statement.
  [[nodiscard]] bool take(const token& t) {
    const bool ends = t.is(';') && (!trigger_ || end_);
    end_ = is_word(t, "end") && semicolon_;
    semicolon_ = t.is(';');
    begin_with(t);
    return ends;
  }

 private:
  // CREATE [TEMP | TEMPORARY] TRIGGER
  void begin_with(const token& t) {
    if (words_ == 0) create_ = is_word(t, "create");
    const bool temporary = words_ == 1 && (is_word(t, "temp") || is_word(t, "temporary"));
    if (create_ && words_ <= 1 && is_word(t, "trigger")) trigger_ = true;
    if (!temporary) ++words_;
  }

  std::size_t words_ = 0;
  bool create_ = false;
  bool trigger_ = false;
  bool semicolon_ = false;
  bool end_ = false;  // behind a semicolon
};

std::string with_doubled_braces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    out += c;
    if (c == '{' || c == '}') out += c;
  }
  return out;
}

}  // namespace

std::vector<script_statement> split_script(const dialect& d, std::string_view text) {
  std::vector<script_statement> found;
  lexer tokens(d, text);
  constexpr std::size_t none = std::string_view::npos;
  std::size_t begin = none;  // of the statement
  statement_end ending;
  std::size_t line = 1;
  std::size_t counted = 0;
  for (;;) {
    const token t = tokens.next();
    const bool is_last = t.kind == token_kind::end;
    const std::size_t at = is_last ? text.size() : t.at;
    const bool ends = is_last || ending.take(t);
    if (ends && begin != none) {
      line += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                                  text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
      counted = begin;
      found.push_back({with_doubled_braces(text.substr(begin, at - begin)), line});
    }
    if (is_last) return found;
    if (ends) {
      begin = none;
      ending = {};
    } else if (begin == none) {
      begin = at;
    }
  }
}

namespace {

// "migrations/2.sql, statement 3, line 17: ..."
[[noreturn]] void rethrow_placed(const error& e, const unsafe_script& script, std::size_t number, std::size_t line) {
  error_details d = e.details();
  d.message =
      script.name() + ", statement " + std::to_string(number) + ", line " + std::to_string(line) + ": " + d.message;
  throw_error(e.code(), std::move(d));
}

}  // namespace

}  // namespace detail

std::size_t database::run_script(context& in, const unsafe_script& script, script_scope scope) {
  const operation op = core_->describe(in, "run_script", script.where());
  const auto statements = detail::split_script(core_->router.sql_dialect(), script.text());
  const auto run_all = [&](const operation& on) {
    std::size_t number = 0;
    for (const detail::script_statement& s : statements) {
      ++number;
      try {
        run_write(on, {.text = s.text, .text_hash = text_hash_of(s.text)}, nullptr, nullptr);
      } catch (const error& e) {
        detail::rethrow_placed(e, script, number, s.line);
      }
    }
    return number;
  };
  if (scope == script_scope::each_by_itself) return run_all(op);
  if (transaction* outer = in.in_transaction()) {
    savepoint all(outer->connection(op), op);
    const std::size_t count = run_all(op);
    all.release();
    return count;
  }
  transaction tx = core_->begin(op);
  const std::size_t count = run_all({tx, op.name, op.where, op.id});
  tx.commit();
  return count;
}

}  // namespace forebay
