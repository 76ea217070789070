#pragma once

#include "sqlite/shop.hpp"

// Tables whose columns the database has a part in, beside those of the shop.

namespace shop {

// The database makes the key and the time, and keeps the number of characters.
struct Note {
  std::int64_t id{};
  std::string author;
  std::string text;
  std::string made_at;
  std::int64_t length{};
  std::int32_t visits{};
  std::int64_t version{};
  friend bool operator==(const Note&, const Note&) = default;
};
FOREBAY_ENTITY(Note,
               (.table = "notes", .generated = &Note::id, .version = &Note::version, .filled = {&Note::made_at},
                .read_only = {&Note::length}),
               id, author, text, made_at, length, visits, version);

// Without a version; the key's text compares without case in the column.
struct Tag {
  std::string name;
  std::optional<std::int32_t> uses;
  double weight{};
  friend bool operator==(const Tag&, const Tag&) = default;
};
FOREBAY_ENTITY(Tag, "tags", name, uses, weight);

// Nothing but a key.
struct Mark {
  std::int64_t left{};
  std::int64_t right{};
  friend bool operator==(const Mark&, const Mark&) = default;
};
FOREBAY_ENTITY(Mark, (.table = "marks", .key = {&Mark::left, &Mark::right}), left, right);

inline forebay::database_options options_with_notes(const std::string& url) {
  forebay::database_options options = options_for(url);
  options.cache.entities.push_back(forebay::cache_for<Note>());
  options.cache.entities.push_back(forebay::cache_for<Tag>());
  return options;
}

class NoteWriting : public testing::Test {
 protected:
  NoteWriting() {
    db.execute(s,
               "create table notes(id integer primary key, author text not null, text text not null unique, "
               "made_at text not null default 'now', length integer generated always as (length(text)) stored, "
               "visits integer not null check (visits < 1000000000000), version integer not null)");
    db.execute(s, "create table tags(name text primary key collate nocase, uses integer, weight real not null)");
    db.execute(s, "create table marks(\"left\" integer, \"right\" integer, primary key (\"left\", \"right\"))");
  }

  std::int64_t count() { return db.query<std::int64_t>(s, "select count(*) from notes")[0]; }
  Note stored(std::int64_t id) { return db.query<Note>(s, "select * from notes where id = {}", id).at(0); }
  // Where a cached read now comes from.
  template <class T>
  static forebay::source read(const forebay::repository<T>& from, forebay::context& in, const forebay::key_t<T>& key) {
    return from.find(in, key).source();
  }

  temporary_folder folder;
  shop_database shop{options_with_notes(folder.url("shop.db"))};
  forebay::database& db = shop.db;
  forebay::session& s = shop.s;
  forebay::repository<Note> notes{db};
  forebay::repository<Tag> tags{db};
  forebay::repository<Mark> marks{db};
};

inline Note note(std::string text) {
  Note n;
  n.author = "ann";
  n.text = std::move(text);
  n.version = 1;
  return n;
}

}  // namespace shop
