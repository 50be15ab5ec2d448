// Delivery bodies and records at rest: one zstd frame each, level 1, its size written in front. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"

namespace fanlight::store {

std::string compress(std::string_view bytes);
// `bad_input` when it is not one whole frame that says its size, `too_large` when that is over `bytes_max`;
// nothing is allocated before that is known.
Result<std::string> decompress(std::string_view frame, std::size_t bytes_max);

}  // namespace fanlight::store
