// What the world can do wrong, as values. Every function that can fail for a reason outside the program
// returns Result<T>; exceptions are for programmer faults and start-up. Any thread.
//
// The text is for an operator and reads "what failed: with what: why: what to do", for example
// "github: get diff of acme/api#42: 403 rate limited, retry in 58s". It never holds a secret or a matched
// text.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fanlight {

enum class ErrorCode {
  bad_input,        // malformed or out of range: a payload, a diff, a policy, a configuration
  too_large,        // over a named limit
  unauthenticated,  // no or wrong credentials or signature
  forbidden,        // known, but not allowed
  not_found,
  conflict,      // somebody else was first: a stale lease, a used address
  rate_limited,  // retry_after says when
  timeout,
  unavailable,  // cannot be reached, or answers 5xx
  canceled,     // the process is stopping, or the work was superseded
  unsupported,
  io,        // file system or database
  internal,  // a bug that was contained
};

// The code as it stands in logs and metrics: "rate_limited".
std::string_view to_string(ErrorCode code);

struct Error {
  Error(ErrorCode code_, std::string text_, std::optional<std::chrono::milliseconds> retry_after_ = {})
      : code(code_), text(std::move(text_)), retry_after(retry_after_) {}

  ErrorCode code;
  std::string text;
  std::optional<std::chrono::milliseconds> retry_after;
};

template <class T>
using Result = std::expected<T, Error>;

// `return fail(ErrorCode::not_found, "…");`
inline std::unexpected<Error> fail(ErrorCode code, std::string text,
                                   std::optional<std::chrono::milliseconds> retry_after = {}) {
  return std::unexpected<Error>(std::in_place, code, std::move(text), retry_after);
}

// The same error with `context` and ": " in front of its text.
std::unexpected<Error> fail_in(std::string_view context, Error error);

// True when the same attempt may succeed later: rate_limited, timeout, unavailable, conflict, io.
bool is_retryable(ErrorCode code);

}  // namespace fanlight
