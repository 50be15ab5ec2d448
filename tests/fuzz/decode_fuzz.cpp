// Decoders stay inside their text and their budget, and what they find the engine maps back into the text.
#include <cstdlib>

#include "fanlight/detect/decode.hpp"
#include "fanlight/detect/engine.hpp"

using namespace fanlight;

namespace {

const std::shared_ptr<const detect::Engine>& engine() {
  static const auto made = detect::Engine::make(detect::builtin_rules()).value();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  bool truncated = false;
  for (const detect::EncodedRun& run : detect::find_encoded_runs(text, 1 << 20, truncated)) {
    if (run.begin >= run.end || run.end > text.size()) std::abort();
    const auto decoded = detect::decode_run(text, run);
    const bool is_gzip = run.encoding == detect::Encoding::gzip;
    const std::size_t limit = is_gzip ? detect::kInflatedBytesMax : (run.end - run.begin) * 3 / 2 + 4;
    if (decoded && decoded->size() > limit) std::abort();
  }
  static auto scratch = engine()->make_scratch();
  for (const detect::Match& match : engine()->scan(text, "main.tf", {}, scratch)) {
    if (match.span.begin > match.span.end || match.span.end > text.size()) std::abort();
  }
  return 0;
}
