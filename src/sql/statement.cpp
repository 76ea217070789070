#include <forebay/sql/statement.hpp>

#include <string>

#include <forebay/error.hpp>
#include <forebay/sql/analysis.hpp>
#include <forebay/sql/pieces.hpp>

#include "text_memo.hpp"

namespace forebay {

namespace {

void append_placeholder(std::string& out, const dialect& d, std::size_t number) {
  if (d.placeholders == dialect::placeholder::question_mark) {
    out += '?';
  } else {
    out += '$' + std::to_string(number);
  }
}

void append_long_list(std::string& out, const dialect& d, std::size_t number) {
  const std::size_t at = d.long_list.find("{}");
  out += d.long_list.substr(0, at);
  append_placeholder(out, d, number);
  out += d.long_list.substr(at + 2);
}

void append_list(std::string& out, const dialect& d, std::size_t first, std::size_t count) {
  if (count == 0) out += d.empty_list;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    append_placeholder(out, d, first + i);
  }
}

}  // namespace

bool is_long_list(const dialect& d, const parameter& p) noexcept {
  return p.is_list() && p.values().size() > d.longest_list;
}

std::string render(const dialect& d, const statement& s) {
  using kind = detail::sql_piece::kind;
  std::string out;
  out.reserve(s.text.size() + 16);
  std::size_t bound = 0;
  auto next_parameter = s.parameters.begin();
  detail::sql_pieces pieces(s.text);
  for (detail::sql_piece piece = pieces.next(); piece.what != kind::end; piece = pieces.next()) {
    if (piece.what == kind::brace) piece.text.remove_suffix(1);
    if (piece.what != kind::placeholder || next_parameter == s.parameters.end()) {
      out += piece.text;
      continue;
    }
    std::size_t values = next_parameter->values().size();
    if (is_long_list(d, *next_parameter)) {
      append_long_list(out, d, bound + 1);
      values = 1;
    } else if (next_parameter->is_list()) {
      append_list(out, d, bound + 1, values);
    } else {
      append_placeholder(out, d, bound + 1);
    }
    bound += values;
    ++next_parameter;
  }
  if (bound > d.max_parameters) {
    throw_error(errc::value_out_of_range,
                {.message = "the statement binds " + std::to_string(bound) + " values, and " + std::string(d.name) +
                            " takes at most " + std::to_string(d.max_parameters),
                 .statement = std::string(s.text),
                 .fix = "split the list"});
  }
  return out;
}

bool is_plain_read(const dialect& d, const statement& s) {
  static constinit detail::text_memo known;
  const auto only_reads = [&]() -> std::uint64_t {
    const statement_analysis a = analyse(d, s.text);
    // SQLite's functions cannot write where reads are sent.
    const bool harmless = !a.calls_unknown_functions || d.lexical == dialect::family::sqlite;
    return a.operation == sql_operation::select && a.tables_known && !a.may_write && !a.locks && harmless ? 1 : 0;
  };
  return known.get(d, s.text_hash, only_reads) != 0;
}

}  // namespace forebay
