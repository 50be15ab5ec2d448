#include "fanlight/app/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/key_store.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t kBinaryProbeBytes = 8000;  // as Scanner::scan_file
constexpr std::size_t kNameBytesMax = 4096;

struct Free {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Free>;

// Formats and filters by name: libarchive's "all" would start programs for some.
Reader make_reader(bool is_stream) {
  Reader reader(archive_read_new());
  if (!reader) throw std::bad_alloc();
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_cpio(reader.get());
  archive_read_support_format_ar(reader.get());
  archive_read_support_format_7zip(reader.get());
  // One compressed file alone. Takes anything, so only where compressed bytes are known.
  if (is_stream) archive_read_support_format_raw(reader.get());
  return reader;
}

bool is_stream(std::string_view bytes) {
  using namespace std::string_view_literals;
  const auto magics = {"\x1f\x8b\x08"sv, "BZh"sv, "\xfd\x37zXZ\0"sv, "\x28\xb5\x2f\xfd"sv};
  return std::ranges::any_of(magics, [&](std::string_view magic) { return bytes.starts_with(magic); });
}

// "notes.txt.gz" holds "notes.txt".
std::string stream_member_name(std::string_view path) {
  const std::size_t inner = path.rfind("!/");
  if (inner != path.npos) path.remove_prefix(inner + 2);
  path.remove_prefix(path.rfind('/') + 1);
  const std::size_t dot = path.rfind('.');
  return std::string(dot == path.npos || dot == 0 ? path : path.substr(0, dot));
}

std::string member_name(archive_entry* entry, std::size_t number) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  if (name == nullptr || *name == '\0') return fmt::format("member {}", number);
  return std::string(truncate_utf8(name, kNameBytesMax));
}

bool looks_binary(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return false;
  return text.substr(0, kBinaryProbeBytes).find('\0') != text.npos;
}

std::string fault_of(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "unknown reason" : sanitize_utf8(text);
}

class Unpacking {
 public:
  Unpacking(std::size_t archive_bytes, const ArchiveLimits& limits, const TakeMember& take)
      : limits_(limits), take_(take) {
    const std::size_t by_ratio = archive_bytes > limits.total_bytes_max / limits.ratio_max
                                     ? limits.total_bytes_max
                                     : archive_bytes * limits.ratio_max;
    left_ = std::min(limits.total_bytes_max, std::max(by_ratio, limits.ratio_free_bytes));
  }

  void open(const std::string& path, std::string_view bytes, unsigned depth);
  Unpacked result;

 private:
  enum class Read : std::uint8_t { whole, binary, over, broken };
  Read read_member(archive* reader, std::string& out);

  const ArchiveLimits& limits_;
  const TakeMember& take_;
  std::size_t left_;         // bytes that may still come out of it
  std::size_t members_ = 0;  // so far, nested ones too
};

// The content of the member that the reader stands at. Once it is known to be binary and no archive, the rest
// is passed over: it counts, and is not kept.
Unpacking::Read Unpacking::read_member(archive* reader, std::string& out) {
  out.clear();
  bool is_binary = false;
  for (;;) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader, &block, &size, &offset);
    if (status == ARCHIVE_EOF) return is_binary ? Read::binary : Read::whole;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return is_binary ? Read::binary : Read::broken;
    if (size > left_) {
      left_ = 0;
      return Read::over;
    }
    left_ -= size;
    if (is_binary) continue;
    if (out.size() + size > limits_.member_bytes_max) return Read::over;
    out.append(static_cast<const char*>(block), size);
    if (out.size() >= kBinaryProbeBytes && looks_binary(out) && !is_archive(out) &&
        !detect::may_be_key_store(out))
      is_binary = true;
  }
}

void Unpacking::open(const std::string& path, std::string_view bytes, unsigned depth) {
  if (depth > limits_.depth_max) {
    result.missing.push_back(
        {path, fmt::format("archives in archives, more than {} deep", limits_.depth_max)});
    return;
  }
  const bool stream = is_stream(bytes);
  const Reader reader = make_reader(stream);
  const auto broken = [&] {
    result.skipped.push_back({path, "cannot be unpacked: " + fault_of(reader.get())});
  };
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return broken();
  std::size_t binary = 0, encrypted = 0;
  std::string text;
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      broken();
      break;
    }
    if (++members_ > limits_.members_max) {
      result.missing.push_back({path, fmt::format("more than {} members", limits_.members_max)});
      break;
    }
    const bool is_raw = archive_format(reader.get()) == ARCHIVE_FORMAT_RAW;
    if (is_raw && archive_filter_code(reader.get(), 0) == ARCHIVE_FILTER_NONE) {
      // Only its first bytes are those of a compressed file.
      result.skipped.push_back({path, "cannot be unpacked: not compressed"});
      break;
    }
    if (!is_raw && archive_entry_filetype(entry) != AE_IFREG) continue;
    if (archive_entry_is_data_encrypted(entry) > 0) {
      ++encrypted;
      continue;
    }
    const std::string name = path + "!/" + (is_raw ? stream_member_name(path) : member_name(entry, members_));
    switch (read_member(reader.get(), text)) {
      case Read::binary:
        ++binary;
        break;
      case Read::over:
        result.missing.push_back({name, "unpacks to more than the limit"});
        if (left_ == 0) {
          result.missing.push_back({path, "the rest of it: unpacks to more than the limit"});
          return;
        }
        break;
      case Read::broken:
        result.skipped.push_back({name, "cannot be unpacked: " + fault_of(reader.get())});
        [[fallthrough]];  // what came out of it before counts
      case Read::whole:
        if (!looks_binary(text) || detect::key_store_text(text)) {
          take_(name, text);
          if (!is_archive(text)) break;
        }
        if (is_archive(text)) {
          open(name, std::exchange(text, {}), depth + 1);
        } else {
          ++binary;
        }
    }
  }
  if (encrypted > 0) result.skipped.push_back({path, fmt::format("{} encrypted members", encrypted)});
  if (binary > 0) result.skipped.push_back({path, fmt::format("{} binary members", binary)});
}

}  // namespace

bool is_archive(std::string_view bytes) {
  using namespace std::string_view_literals;
  const auto magics = {"PK\x03\x04"sv, "PK\x05\x06"sv, "7z\xbc\xaf\x27\x1c"sv,
                       "!<arch>\n"sv,  "070701"sv,     "070707"sv};
  if (is_stream(bytes)) return true;
  if (std::ranges::any_of(magics, [&](std::string_view magic) { return bytes.starts_with(magic); }))
    return true;
  return bytes.size() > 262 && bytes.substr(257, 5) == "ustar";
}

Unpacked unpack(std::string_view path, std::string_view archive, const ArchiveLimits& limits,
                const TakeMember& take) {
  Unpacking unpacking(archive.size(), limits, take);
  unpacking.open(std::string(path), archive, 1);
  return std::move(unpacking.result);
}

ScanOutcome scan_content(const Scanner& scanner, std::string_view path, std::string_view bytes,
                         const ScanSettings& settings, detect::Engine::Scratch& scratch,
                         const ArchiveLimits& limits) {
  if (!is_archive(bytes)) return scanner.scan_file(path, bytes, settings, scratch);
  ScanOutcome out =
      scanner.scan_file(path, bytes, settings, scratch);  // its name, and what only looks like one
  std::erase_if(out.scanned.skipped, [](const Missing& skipped) { return skipped.reason == "binary"; });
  const bool ignored = std::ranges::any_of(settings.ignore_paths,
                                           [&](const std::string& glob) { return glob_match(glob, path); });
  if (ignored) return out;
  ScanSettings inside = settings;
  inside.coupling = false;
  Unpacked rest = unpack(path, bytes, limits, [&](const std::string& member, std::string_view text) {
    merge_outcome(out, scanner.scan_file(member, text, inside, scratch));
  });
  const auto append = [](auto& to, auto& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  append(out.missing, rest.missing);
  append(out.scanned.skipped, rest.skipped);
  return out;
}

}  // namespace fanlight::app
