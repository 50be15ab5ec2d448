// One idea runs through this file: a change has at most one waiting review, at most one leased job, and
// commands in the order in which they were asked. Everything else follows.
#include "queue_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::store {
namespace {

bool older(const JobRow& a, const JobRow& b) {
  return a.asked != b.asked ? a.asked < b.asked : a.id < b.id;
}

struct Heads {
  const JobRow* command = nullptr;    // the first; later ones wait for it even while it backs off
  const JobRow* review = nullptr;     // the one to run next
  const JobRow* abandoned = nullptr;  // a leased review with a newer one waiting
  const JobRow* leased = nullptr;
};

Heads heads_of(std::span<const JobRow> open) {
  Heads heads;
  for (const JobRow& row : open) {
    if (row.state == JobState::leased) heads.leased = &row;
    if (row.kind == JobKind::command) {
      if (!heads.command || older(row, *heads.command)) heads.command = &row;
    } else if (!heads.review) {
      heads.review = &row;
    } else {
      bool newer = row.state == JobState::waiting;
      heads.abandoned = newer ? heads.review : &row;
      if (newer) heads.review = &row;
    }
  }
  return heads;
}

// The length in front keeps "a|b" + "c" and "a" + "b|c" apart.
std::string digest(char kind, std::string_view scope, std::string_view name) {
  Sha256 hash = sha256(fmt::format("{}{}:{}{}", kind, scope.size(), scope, name));
  return {hash.begin(), hash.begin() + seen_key_bytes};
}

Result<void> check_size(std::string_view what, std::size_t size, std::size_t size_max) {
  if (size <= size_max) return {};
  return fail(ErrorCode::too_large,
              fmt::format("store: delivery: {} of {} bytes: the limit is {}", what, size, size_max));
}

}  // namespace

IntakeStep decide_intake(const Intake& intake, TimePoint now, const std::optional<JobRow>& seen,
                         const std::optional<JobRow>& waiting) {
  if (seen && seen->state != JobState::parked) return {};
  IntakeStep step{Accepted::queued, Step::insert, 0, 0, now, intake.not_before};
  if (intake.kind == JobKind::review && waiting) {
    step.answer = Accepted::coalesced;
    step.step = Step::absorb;
    step.job = waiting->id;
    step.merged = seen ? seen->id : 0;
    // A job that was tried already starts afresh: the newer head has not failed yet, and may settle again.
    if (waiting->attempts == 0) step.asked = waiting->asked;
    step.not_before = std::min<TimePoint>(intake.not_before, step.asked + settle_max);
  } else if (seen) {
    step.step = Step::wake;
    step.job = seen->id;
  }
  return step;
}

std::optional<LeaseStep> decide_lease(std::span<const JobRow> open, TimePoint now) {
  Heads heads = heads_of(open);
  if (heads.leased && heads.leased->ready > now) return std::nullopt;
  const JobRow* pick = heads.command && heads.command->ready <= now ? heads.command : heads.review;
  if (!pick || pick->ready > now) return std::nullopt;
  LeaseStep step{.job = pick->id};
  if (heads.abandoned) {
    step.merged = heads.abandoned->id;
    step.merged_into = heads.review->id;
  }
  if (heads.leased && heads.leased != pick && heads.leased != heads.abandoned)
    step.released = heads.leased->id;
  return step;
}

std::optional<TimePoint> change_due(std::span<const JobRow> open) {
  Heads heads = heads_of(open);
  if (!heads.command && !heads.review) return std::nullopt;
  TimePoint due = TimePoint::max();
  if (heads.command) due = std::min(due, heads.command->ready);
  if (heads.review) due = std::min(due, heads.review->ready);
  if (heads.leased) due = std::max(due, heads.leased->ready);
  return due;
}

std::string lease_token(std::int64_t job, std::uint64_t leases) {
  return fmt::format("{}.{}", job, leases);
}

Error lease_lost(const Job& job) {
  return {ErrorCode::conflict,
          fmt::format("job {} of {}: the lease is over and somebody else may have it: drop this "
                      "result",
                      job.id, job.display)};
}

Result<void> check_intake(const Intake& intake) {
  if (intake.delivery.host.empty() || intake.delivery.delivery_id.empty() || intake.change_key.empty())
    return fail(ErrorCode::bad_input, "store: delivery: it has no host, delivery id or change: not kept");
  std::size_t headers = 0;
  for (const auto& [name, value] : intake.delivery.headers) headers += name.size() + value.size() + 8;
  struct {
    std::string_view what;
    std::size_t size, size_max;
  } const bounds[] = {
      {"host name", intake.delivery.host.size(), key_bytes_max},
      {"delivery id", intake.delivery.delivery_id.size(), key_bytes_max},
      {"change", intake.change_key.size(), key_bytes_max},
      {"change name", intake.display.size(), key_bytes_max},
      {"meaning", intake.meaning.size(), key_bytes_max},
      {"headers", headers, headers_bytes_max},
      {"body", intake.delivery.body.size(), body_bytes_max},
  };
  for (const auto& bound : bounds)
    if (auto checked = check_size(bound.what, bound.size, bound.size_max); !checked) return checked;
  return {};
}

std::string delivery_key(const Intake& intake) {
  return digest('d', intake.delivery.host, intake.delivery.delivery_id);
}

std::string meaning_key(const Intake& intake) {
  if (intake.meaning.empty()) return {};
  return digest('m', intake.change_key, intake.meaning);
}

Error too_many_terms(const std::string& repository) {
  return Error(ErrorCode::too_large, "store: keep a name of " + one_line(repository) + ": it has " +
                                         std::to_string(lexicon_terms_max) +
                                         " already: write them to the policy file");
}

std::string one_line(std::string_view text) {
  std::string line = sanitize_utf8(truncate_utf8(text, line_bytes_max));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return std::string(truncate_utf8(trim(line), line_bytes_max));
}

}  // namespace fanlight::store
