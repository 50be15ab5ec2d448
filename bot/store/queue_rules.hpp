// The decisions of the queue, free of any storage: what an arriving delivery does, which job of a change is
// leased next, when a change is due. Memory and SQLite load the few rows concerned, ask here, and write what
// they are told, so that they cannot drift apart. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/store/store.hpp"

namespace fanlight::store {

// Bounds of what the store takes. GitHub sends at most 25 MB in one delivery.
inline constexpr std::size_t body_bytes_max = 32u << 20;
inline constexpr std::size_t headers_bytes_max = 64u << 10;
inline constexpr std::size_t key_bytes_max = 4096;
inline constexpr std::size_t line_bytes_max = 1000;
inline constexpr std::size_t seen_key_bytes = 16;

// What the rules need to know of a job.
struct JobRow {
  std::int64_t id = 0;
  JobKind kind = JobKind::review;
  JobState state = JobState::waiting;
  std::uint32_t attempts = 0;
  TimePoint asked{};
  TimePoint ready{};  // waiting: its not_before; leased: when the lease ends
};

enum class Step : std::uint8_t {
  nothing,  // a repeat
  insert,   // a new job
  absorb,   // the waiting job takes over this delivery
  wake,     // the parked job waits again, with this delivery
};

struct IntakeStep {
  Accepted answer = Accepted::repeat;
  Step step = Step::nothing;
  std::int64_t job = 0;     // of absorb and wake
  std::int64_t merged = 0;  // a parked job that the absorbing one replaces; 0 for none
  TimePoint asked{}, not_before{};
};

// `seen`: the job that this delivery id or meaning led to before. `waiting`: the waiting review of the same
// change.
IntakeStep decide_intake(const Intake& intake, TimePoint now, const std::optional<JobRow>& seen,
                         const std::optional<JobRow>& waiting);

struct LeaseStep {
  std::int64_t job = 0;     // to lease
  std::int64_t merged = 0;  // an abandoned review, replaced by `merged_into`; 0 for none
  std::int64_t merged_into = 0;
  std::int64_t released = 0;  // another abandoned job, that waits again; 0 for none
};

// `open`: all waiting and leased jobs of one change, in any order.
std::optional<LeaseStep> decide_lease(std::span<const JobRow> open, TimePoint now);
// The first time at which decide_lease gives a job; nothing when there is none.
std::optional<TimePoint> change_due(std::span<const JobRow> open);

// Unique per lease of a database; nothing secret, it only tells leases apart.
std::string lease_token(std::int64_t job, std::uint64_t leases);
// `conflict`, for a job whose lease is over.
Error lease_lost(const Job& job);

// bad_input or too_large when the store does not take it.
Result<void> check_intake(const Intake& intake);
// The keys that a delivery is known by: bytes, 128 bits of a cryptographic hash, so that a sender cannot make
// two deliveries pass for one. The meaning's is empty when it has none.
std::string delivery_key(const Intake& intake);
std::string meaning_key(const Intake& intake);
// For one name more than a repository may have.
Error too_many_terms(const std::string& repository);
// Control characters become spaces, at most line_bytes_max, valid UTF-8.
std::string one_line(std::string_view text);

}  // namespace fanlight::store
