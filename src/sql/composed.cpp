#include <forebay/sql/composed.hpp>

#include <string>

#include <forebay/error.hpp>
#include <forebay/sql/pieces.hpp>

namespace forebay {

composed_sql::composed_sql(std::string_view text, std::initializer_list<parameter> bound, const call_site& where)
    : where_(where) {
  append(text, bound);
}

void composed_sql::append(std::string_view text, std::initializer_list<parameter> bound) {
  // Or two pieces could make a comment of "-" and "-", or one text of two.
  if (!text_.empty() && !text.empty() && !detail::is_blank(text_.back()) && !detail::is_blank(text.front()))
    text_ += ' ';
  text_ += text;
  for (const parameter& p : bound) bound_.emplace_back(p);
}

std::vector<parameter> composed_sql::parameters() const {
  std::vector<parameter> all;
  all.reserve(bound_.size());
  for (const owned_parameter& p : bound_) all.push_back(p.view());
  return all;
}

namespace detail {

namespace {

[[noreturn]] void refuse(const run_time_text& text, std::string what, std::string_view fix) {
  throw invalid_option(
      {.message = "a statement made at run time " + std::move(what), .where = text.where(), .fix = std::string(fix)});
}

}  // namespace

// The text may hold values, and stays out of the messages.
void check_run_time_text(const run_time_text& text, std::initializer_list<parameter> bound) {
  std::size_t found = 0;
  sql_pieces pieces(text.text());
  for (;;) {
    const std::size_t at = pieces.position();
    const sql_piece piece = pieces.next();
    if (piece.what == sql_piece::kind::end) break;
    const std::string place = " at byte " + std::to_string(at);
    if (piece.what == sql_piece::kind::single_brace) refuse(text, "has a single brace" + place, "write it twice");
    if (piece.what != sql_piece::kind::placeholder) continue;
    if (piece.quoted) {
      refuse(text, "has a {} inside quotes" + place, "take the quotes away: what is bound needs none");
    }
    if (found < bound.size() && bound.begin()[found].is_list() && !in_parentheses(text.text(), at)) {
      refuse(text, "has a {} for a list" + place + " that does not stand in parentheses", "write ({})");
    }
    ++found;
  }
  if (found != bound.size()) {
    refuse(text, "has " + std::to_string(found) + " {} for " + std::to_string(bound.size()) + " arguments",
           "give one argument for each");
  }
  if (pieces.open()) {
    refuse(text, "ends at byte " + std::to_string(text.text().size()) + " inside quotes or a comment", "close them");
  }
}

}  // namespace detail

}  // namespace forebay
