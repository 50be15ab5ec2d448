// zstd keeps about half a megabyte of tables per context. One context per thread is reused, because making
// one costs more than compressing a small body with it.
#include "compress.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>
#include <new>

namespace fanlight::store {
namespace {

constexpr int compression_level = 1;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

ZSTD_CCtx* thread_context() {
  thread_local std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  return context.get();
}

}  // namespace

std::string compress(std::string_view bytes) {
  std::string frame;
  frame.resize_and_overwrite(ZSTD_compressBound(bytes.size()), [&](char* out, std::size_t room) {
    std::size_t size =
        ZSTD_compressCCtx(thread_context(), out, room, bytes.data(), bytes.size(), compression_level);
    return ZSTD_isError(size) ? 0 : size;
  });
  if (frame.empty()) throw std::bad_alloc();  // with room for the bound, only memory can run out
  frame.shrink_to_fit();                      // a batch keeps many of these
  return frame;
}

Result<std::string> decompress(std::string_view frame, std::size_t bytes_max) {
  unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
    return fail(ErrorCode::bad_input, "stored bytes are not one zstd frame");
  if (size > bytes_max)
    return fail(ErrorCode::too_large, fmt::format("stored {} bytes: the limit is {}", size, bytes_max));
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) || got != bytes.size())
    return fail(ErrorCode::bad_input, "stored zstd frame is damaged");
  return bytes;
}

}  // namespace fanlight::store
