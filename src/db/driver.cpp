#include <forebay/db/driver.hpp>

#include <map>
#include <mutex>
#include <string>

#include <forebay/error.hpp>

namespace forebay {

driver::~driver() = default;

namespace {

struct driver_table {
  std::mutex mutex;
  std::map<std::string, driver_factory, std::less<>> by_scheme;
};

driver_table& drivers() {
  static driver_table& table = *new driver_table();  // registrations come from static objects of other files
  return table;
}

}  // namespace

driver_registration::driver_registration(std::string_view scheme, driver_factory factory) {
  const std::lock_guard guard(drivers().mutex);
  drivers().by_scheme.insert_or_assign(std::string(scheme), factory);
}

std::unique_ptr<driver> make_driver(const database_url& url, runtime& time) {
  driver_factory factory = nullptr;
  std::string known;
  {
    const std::lock_guard guard(drivers().mutex);
    for (const auto& [scheme, f] : drivers().by_scheme) {
      known += (known.empty() ? "" : ", ") + scheme;
      if (scheme == url.scheme()) factory = f;
    }
  }
  if (factory == nullptr) {
    throw_error(
        errc::no_driver,
        {.message = "no driver is registered for scheme \"" + std::string(url.scheme()) +
                    "\"; registered: " + (known.empty() ? "none" : known),
         .fix = "correct the scheme, or include the driver's header, for instance <forebay/soci/sqlite.hpp>, and link "
                "its component, for instance forebay::soci"});
  }
  return factory(url, time);
}

}  // namespace forebay
