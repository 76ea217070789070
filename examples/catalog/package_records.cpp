#include "package_records.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <istream>
#include <limits>
#include <system_error>
#include <utility>

#include "trimmed.hpp"

namespace catalog {

namespace {

constexpr std::size_t longest_value = std::size_t{1} << 20;

enum kept_field : std::uint8_t { package, version, section, installed_size, maintainer, depends, description };
constexpr std::array<std::string_view, 7> field_names{"package",    "version", "section",    "installed-size",
                                                      "maintainer", "depends", "description"};

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

std::optional<std::int64_t> read_size(std::string_view text) {
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size() || size < 0) return std::nullopt;
  return size;
}

enum class record_end : std::uint8_t { empty_line, end_of_file, within_a_line };

// A record while its lines come in. The first fault stands; what follows it is passed over.
class unfinished_record {
 public:
  [[nodiscard]] bool begun() const noexcept { return first_line_ != 0; }

  void take(std::string_view line, std::size_t number) {
    come_to(number);
    if (fault_) return;
    if (line.find('\0') != std::string_view::npos) return refuse(number, "a NUL byte");
    if (line[0] == ' ' || line[0] == '\t') {
      go_on(trimmed(line));
    } else {
      begin_field(line);
    }
  }

  void take_overlong(std::size_t number) {
    come_to(number);
    refuse(number, "a line longer than 1 MiB");
  }

  record finish(record_end how) {
    check(how);
    if (auto whole = assemble()) return std::move(*whole);
    if (const auto& name = values_[package]; name && is_package_name(*name)) fault_->name = *name;
    return std::move(*fault_);
  }

 private:
  void come_to(std::size_t number) noexcept {
    if (!begun()) first_line_ = number;
    last_line_ = number;
  }

  void refuse(std::size_t line, std::string reason) {
    if (!fault_) fault_ = skipped_record{line, {}, std::move(reason)};
  }

  void begin_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return refuse(last_line_, "a line without a colon");
    if (colon == 0) return refuse(last_line_, "a line that begins with a colon");
    any_field_ = true;
    current_.reset();
    for (std::size_t i = 0; i < field_names.size(); ++i) {
      if (equal_ignoring_case(line.substr(0, colon), field_names[i])) current_ = static_cast<kept_field>(i);
    }
    if (!current_) return;
    if (values_[*current_]) return refuse(last_line_, "the field " + std::string(line.substr(0, colon)) + " twice");
    values_[*current_] = trimmed(line.substr(colon + 1));
    lines_[*current_] = last_line_;
  }

  void go_on(std::string_view text) {
    if (!any_field_) return refuse(last_line_, "a line that continues no field");
    if (current_ != depends) return;  // the only folded value that is kept
    std::string& value = *values_[depends];
    if (value.size() + text.size() >= longest_value) return refuse(last_line_, "a value longer than 1 MiB");
    value.append(1, ' ').append(text);
  }

  // What can only be seen when all lines are there.
  void check(record_end how) {
    if (how == record_end::within_a_line && (!fault_ || fault_->line == last_line_)) {
      fault_ = skipped_record{last_line_, {}, "the file ends in the middle of this line"};
    }
    if (const auto& name = values_[package]; !name || name->empty()) {
      refuse(first_line_, "no Package field");
    } else if (!is_package_name(*name)) {
      refuse(lines_[package], "a Package that is no package's name");
    }
    if (how == record_end::end_of_file && (!values_[version] || !values_[maintainer] || !values_[description])) {
      refuse(last_line_, "the file ends before the record does");
    }
  }

  // Nothing when there is a fault.
  std::optional<package_record> assemble() {
    package_record r{.line = first_line_, .installed_size = take_size(), .depends = take_dependencies()};
    if (fault_) return std::nullopt;
    r.name = std::move(*values_[package]);
    r.version = take_text(version);
    r.section = take_text(section);
    r.maintainer = take_text(maintainer);
    r.summary = take_text(description);
    return r;
  }

  std::optional<std::int64_t> take_size() {
    const auto text = take_text(installed_size);
    const auto size = text ? read_size(*text) : std::nullopt;
    if (text && !size) refuse(lines_[installed_size], "an Installed-Size that is no number");
    return size;
  }

  std::vector<required_package> take_dependencies() {
    const auto text = take_text(depends);
    if (!text || fault_) return {};
    try {
      return parse_dependencies(*text);
    } catch (const malformed_dependency& e) {
      refuse(lines_[depends], e.what());
      return {};
    }
  }

  // An empty field is as good as none.
  std::optional<std::string> take_text(kept_field which) {
    std::optional<std::string>& value = values_[which];
    return value && !value->empty() ? std::move(value) : std::nullopt;
  }

  std::array<std::optional<std::string>, field_names.size()> values_;
  std::array<std::size_t, field_names.size()> lines_{};
  std::optional<kept_field> current_;  // nothing within a field that is not kept
  bool any_field_ = false;
  std::size_t first_line_ = 0;
  std::size_t last_line_ = 0;
  std::optional<skipped_record> fault_;
};

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

package_reader::package_reader(std::istream& from, std::string name)
    : from_(from), name_(std::move(name)), buffer_(longest_value + 2) {}

// False at the end of the file.
bool package_reader::read_line() {
  from_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (from_.bad()) throw unreadable_input("cannot read " + name_ + " beyond line " + std::to_string(line_number_));
  auto length = static_cast<std::size_t>(from_.gcount());
  bytes_read_ += length;
  if (length == 0) return false;
  ++line_number_;
  too_long_ = from_.fail();
  if (too_long_) {
    from_.clear();
    from_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    bytes_read_ += static_cast<std::uint64_t>(from_.gcount());
  }
  cut_off_ = from_.eof();
  if (!too_long_ && !cut_off_) --length;  // the end of the line
  line_ = {buffer_.data(), length};
  return true;
}

std::optional<record> package_reader::next() {
  unfinished_record r;
  while (read_line()) {
    if (too_long_) {
      r.take_overlong(line_number_);
    } else if (!trimmed(line_).empty()) {
      r.take(line_, line_number_);
    } else if (r.begun() && !cut_off_) {
      return r.finish(record_end::empty_line);
    }
  }
  if (!r.begun()) return std::nullopt;
  return r.finish(cut_off_ ? record_end::within_a_line : record_end::end_of_file);
}

std::ifstream open_input(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw unreadable_input("cannot read " + path.string() + ": it is a folder");
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw unreadable_input("cannot open " + path.string() + ": " + reason_of(errno));
  return in;
}

}  // namespace catalog
