#include "access.hpp"

namespace bench {

namespace {

constexpr const char* columns = "id, tenant, email, name, balance, version";

std::string placeholders(std::size_t count, bool named) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += named ? ":p" + std::to_string(i) : "?";
  }
  return text;
}

}  // namespace

texts::texts(bool named_placeholders) {
  const auto list = [&](std::size_t count) { return placeholders(count, named_placeholders); };
  const std::string select = std::string("select ") + columns + " from users where id ";
  find = select + "= " + list(1);
  find_many = select + "in (" + list(batch_size) + ")";
  page = select + "> " + list(1) + " order by id limit " + std::to_string(page_size);
  insert = std::string("insert into users (") + columns + ") values (" + list(6) + ")";
}

}  // namespace bench
