#pragma once

#include <memory>

#include <forebay/db/connection.hpp>
#include <forebay/export.hpp>

namespace forebay {

// A connection that hands everything on to another one: derive from it to watch, delay or fail what a driver does.
class FOREBAY_API forwarding_connection : public connection {
 public:
  explicit forwarding_connection(std::unique_ptr<connection> to);
  ~forwarding_connection() override;

  [[nodiscard]] position asof() override;
  [[nodiscard]] position upto() override;
  [[nodiscard]] others_wrote ask_for_others(deadline until) override;
  [[nodiscard]] bool usable() const noexcept override;

 protected:
  result& do_run(const statement& what, deadline until) override;
  void do_begin(transaction_mode mode, isolation_level isolation, deadline until) override;
  position do_commit(deadline until) override;
  void do_rollback() noexcept override;
  void do_savepoint(savepoint_step step, deadline until) override;
  bool do_check(deadline until) override;

 private:
  std::unique_ptr<connection> to_;
};

}  // namespace forebay
