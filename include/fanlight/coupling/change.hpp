// What a change does to coupling, beyond what its new lines hold: whether a literal is new, came in the place
// of a lookup, or only moved; and whether what looks like a fix is one. app::Scanner asks for each finding of
// an added line, and for each file of a change. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fanlight/coupling/judge.hpp"
#include "fanlight/detect/rule.hpp"
#include "fanlight/model/diff.hpp"
#include "fanlight/model/finding.hpp"

namespace fanlight::coupling {

// Where a literal stood before, or stands now.
struct Standing {
  std::string_view path;
  Layer layer = Layer::shared;
  Role role = Role::value;
  std::string_view key;  // the nearest key
};

enum class Fate : std::uint8_t {
  introduced,  // it was nowhere, or where it weighed less
  existing,    // the line changed around it
  moved,       // to another file or layer where it weighs no more
  relocated,   // within its module: named, still there (F03)
  defaulted    // taken out of the code, and back as a parameter's default (F02)
};
// What became of one literal that the change removes at `before` and adds at `now`; the mildest of several
// places.
Fate fate_of(const Standing& now, std::span<const Standing> before);

// True when the added line `new_line` sets `key` to a literal where a removed line beside it had a reference:
// a regression (E06). A comment that gives the reason for pinning excuses it.
bool replaces_reference(const FileDiff& file, std::uint32_t new_line, std::string_view key);
// True when a removed line beside it had a documentation value at that key (F05).
bool replaces_example(const FileDiff& file, std::uint32_t new_line, std::string_view key);

// True for a rule whose literals belong to one owner wherever they stand: an account, a host, a person. A
// private address or a region may be anybody's.
bool names_its_owner(const detect::Rule& rule);

// The rule that a literal's fingerprint is made with: a host of one's own is the same host under whatever key
// it stands, and whatever rule has the nearest words for it there.
std::string_view literal_rule(std::string_view id);

// A fault of a fix, on one added line. Columns are bytes of the line, half open.
struct FixFault {
  const detect::Rule* rule = nullptr;  // static
  std::uint32_t line = 1;
  std::size_t begin = 0, end = 0;
  std::string normalised;
  Severity severity = Severity::block;
  std::string title, message, remedy;
};

// References that this file's language reads as text (F01). `text`: the file at the head, or empty.
std::vector<FixFault> find_inert_references(const FileDiff& file, std::string_view text, Layer layer);

struct ChangedFile {
  const FileDiff* file = nullptr;
  std::string_view text;  // at the head, or empty
  Layer layer = Layer::shared;
};
// Keys of data that no parameter has, where one that the change declares is a typing error away (F04). One
// list for each file, in their order.
std::vector<std::vector<FixFault>> find_dangling_keys(std::span<const ChangedFile> files);

// The file that declares what the added lines of `file` use, when it is not among `seen` (path → text at the
// head) and would tell more: a module's variables.tf, a chart's values.yaml.
std::optional<std::string> declarations_wanted(const FileDiff& file,
                                               const std::map<std::string, std::string>& seen);
// Names that the added lines use and nothing declares, where the file that declares was seen (F04, X03).
std::vector<FixFault> find_undeclared(const FileDiff& file, Layer layer,
                                      const std::map<std::string, std::string>& seen);

// The rules behind them, for `rules list`, and for what fate_of and the two questions above decide.
std::span<const detect::Rule> change_rules();
// By its id, which must be one of change_rules().
const detect::Rule& change_rule(std::string_view id);

}  // namespace fanlight::coupling
