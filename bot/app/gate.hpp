// What leaves the bot passes here. A secret or a private name can come back in many ways: in a reason that
// somebody typed, in a title, in a line of the policy, in what a host answered. So each text is looked at
// where it leaves, not only where it came in: the review before it is written down and shown on its page,
// each action before it goes to the host, each command before it is obeyed. Pure; may be shared by threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "fanlight/app/scanner.hpp"
#include "fanlight/model/action.hpp"
#include "fanlight/model/verdict.hpp"

namespace fanlight::app {

class Gate {
 public:
  // `settings` as the scanner made them of the policy. `own_url` is the address of the bot's own pages: a
  // link to them, and a hidden marker, is never taken for a secret.
  Gate(std::shared_ptr<const Scanner> scanner, const ScanSettings& settings, std::string own_url);

  // Why private names cannot be told from others; empty: they can.
  const std::string& problem() const { return problem_; }

  bool holds_any(std::string_view text) const;
  // The text with secrets and private names blacked out.
  std::string clean(std::string_view text) const;
  Review clean(Review review) const;
  Action clean(Action action) const;

 private:
  std::shared_ptr<const Scanner> scanner_;
  std::shared_ptr<const coupling::SealedTerms> sealed_;
  std::string own_url_, problem_;
};

}  // namespace fanlight::app
