#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <forebay/clock.hpp>
#include <forebay/db/connection.hpp>
#include <forebay/db/url.hpp>
#include <forebay/export.hpp>
#include <forebay/runtime.hpp>
#include <forebay/sql/dialect.hpp>

namespace forebay {

// What a connection is for. A reader may be unable to write.
enum class connection_role : std::uint8_t { reader, writer };

// One server or file that connections can be made to. Thread-safe; outlives its connections.
class FOREBAY_API driver {
 public:
  virtual ~driver();
  // Throws cannot_connect, which names the endpoint and the reason.
  [[nodiscard]] virtual std::unique_ptr<connection> connect(connection_role role, deadline until) = 0;
  [[nodiscard]] virtual const dialect& sql_dialect() const noexcept = 0;
  // How many connections of a role can work at once; SQLite has one writer. No readers: writers serve all.
  [[nodiscard]] virtual std::size_t max_connections(connection_role role) const noexcept = 0;
  // How often connection::ask_for_others is worth a call while rows are read through the cache. Zero: never, because
  // nobody else can write.
  [[nodiscard]] virtual milliseconds watch_interval() const noexcept { return milliseconds(0); }
  // For messages: the URL without its secrets.
  [[nodiscard]] virtual std::string_view endpoint() const noexcept = 0;
};

using driver_factory = std::unique_ptr<driver> (*)(const database_url& url, runtime& time);

// Makes a driver known under a URL scheme; the last one registered for a scheme is used. A driver's header does this
// with a static object, so that including it is enough and a static library keeps the driver. Thread-safe.
struct FOREBAY_API driver_registration {
  driver_registration(std::string_view scheme, driver_factory factory);
};

// Throws error with no_driver, which names the scheme and those that are registered.
[[nodiscard]] FOREBAY_API std::unique_ptr<driver> make_driver(const database_url& url, runtime& time);

}  // namespace forebay
