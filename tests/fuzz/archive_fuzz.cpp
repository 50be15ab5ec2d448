// An archive cannot make more than its limits allow, nor end anything but itself.
#include <cstdlib>

#include "fanlight/app/archive.hpp"

using namespace fanlight;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const app::ArchiveLimits limits{.members_max = 100,
                                  .member_bytes_max = 1 << 20,
                                  .total_bytes_max = 4 << 20,
                                  .ratio_free_bytes = 1 << 20};
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::size_t total = 0, members = 0;
  app::unpack("a", bytes, limits, [&](const std::string& path, std::string_view text) {
    if (!path.starts_with("a!/") || text.size() > limits.member_bytes_max) std::abort();
    total += text.size();
    ++members;
  });
  if (total > limits.total_bytes_max || members > limits.members_max) std::abort();
  return 0;
}
