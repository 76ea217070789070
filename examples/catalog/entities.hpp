#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <forebay/entity/entity.hpp>

namespace catalog {

struct Maintainer {
  std::int64_t id{};
  std::string name{};
  std::optional<std::string> email{};
};
FOREBAY_ENTITY(Maintainer, "maintainers", id, name, email);

struct Package {
  std::int64_t id{};
  std::string name{};
  std::optional<std::string> debian_version{};
  std::optional<std::string> section{};
  std::optional<std::int64_t> installed_size{};  // KiB
  std::optional<std::int64_t> maintainer_id{};
  std::optional<std::string> summary{};
  std::int64_t downloads{};
  std::int64_t version{};  // of the row: each update raises it by one
};
FOREBAY_ENTITY(Package, (.table = "packages", .version = &Package::version), id, name, debian_version, section,
               installed_size, maintainer_id, summary, downloads, version);

struct Dependency {
  std::int64_t package_id{};
  int requirement{};  // one of its alternatives satisfies it
  int alternative{};
  std::string needs{};  // a package's name, which need not be in the list
  std::optional<std::string> version_constraint{};
};
FOREBAY_ENTITY(Dependency,
               (.table = "dependencies",
                .key = {&Dependency::package_id, &Dependency::requirement, &Dependency::alternative}),
               package_id, requirement, alternative, needs, version_constraint);

}  // namespace catalog
