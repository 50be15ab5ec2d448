#include "fanlight/core/result.hpp"

namespace fanlight {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input:
      return "bad_input";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::rate_limited:
      return "rate_limited";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::canceled:
      return "canceled";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::io:
      return "io";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

std::unexpected<Error> fail_in(std::string_view context, Error error) {
  error.text.insert(0, ": ").insert(0, context);
  return std::unexpected<Error>(std::move(error));
}

bool is_retryable(ErrorCode code) {
  switch (code) {
    case ErrorCode::rate_limited:
    case ErrorCode::timeout:
    case ErrorCode::unavailable:
    case ErrorCode::conflict:
    case ErrorCode::io:
      return true;
    default:
      return false;
  }
}

}  // namespace fanlight
