// Runs SQL on a file as another process would:   other_process FILE SQL
#include <sqlite3.h>

#include <cstdio>

int main(int count, char** arguments) {
  if (count != 3) return 2;
  sqlite3* handle = nullptr;
  char* message = nullptr;
  int rc = sqlite3_open(arguments[1], &handle);
  if (rc == SQLITE_OK) rc = sqlite3_exec(handle, arguments[2], nullptr, nullptr, &message);
  if (rc != SQLITE_OK)
    std::fprintf(stderr, "other_process: %s\n", message != nullptr ? message : sqlite3_errmsg(handle));
  sqlite3_free(message);
  sqlite3_close(handle);
  return rc == SQLITE_OK ? 0 : 1;
}
