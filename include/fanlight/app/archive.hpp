// What is in archives and compressed files: zip and what is built on it (jar, war, apk, whl, docx …), tar,
// cpio, ar, 7z; gzip, bzip2, xz, zstd; one in the other. From memory to memory: nothing is ever written to a
// disk and no program is started. Any thread.
//
// An archive is hostile. Depth, members, bytes of one member, bytes of all and their ratio to the archive are
// bounded; what lies behind a limit is named as missing, because it may hide something. What nobody can read
// without a password, or at all, is named as skipped, as other binary content is.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/app/scanner.hpp"

namespace fanlight::app {

struct ArchiveLimits {
  unsigned depth_max = 4;  // archives in archives
  std::size_t members_max = 100'000;
  std::size_t member_bytes_max = std::size_t{32} << 20;
  // Of all members together, nested ones too: the smaller of the two, but never less than ratio_free_bytes.
  std::size_t total_bytes_max = std::size_t{1} << 30;
  std::size_t ratio_max = 200;
  std::size_t ratio_free_bytes = std::size_t{16} << 20;
};

// Told from the first bytes, whatever the name says.
bool is_archive(std::string_view bytes);

struct Unpacked {
  std::vector<Missing> missing, skipped;
};

// Gives each regular file in `archive` to `take`, as "a.zip!/inner/b.txt", archives in it unpacked likewise;
// `text` lives until `take` returns. Binary content is counted in one line of `skipped`.
using TakeMember = std::function<void(const std::string& path, std::string_view text)>;
Unpacked unpack(std::string_view path, std::string_view archive, const ArchiveLimits& limits,
                const TakeMember& take);

// Scanner::scan_file, and for an archive the files in it: those for secrets alone, because what they are
// coupled to is not said by where they stand.
ScanOutcome scan_content(const Scanner& scanner, std::string_view path, std::string_view bytes,
                         const ScanSettings& settings, detect::Engine::Scratch& scratch,
                         const ArchiveLimits& limits = {});

}  // namespace fanlight::app
