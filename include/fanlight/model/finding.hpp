// One place where a rule holds. Holds no secret: the excerpt is redacted, the match itself is gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight {

enum class FindingKind : std::uint8_t { secret, coupling };
enum class Severity : std::uint8_t { off, note, warn, block };
enum class Layer : std::uint8_t { shared, instance, env_data, doc_test };
// What checking the token's own form says: proved, ruled out, or nothing to go by.
enum class Structure : std::uint8_t { unknown, valid, invalid };
// Only introduced and regressed decide a verdict; moved is at most a note.
enum class ChangeKind : std::uint8_t { introduced, regressed, moved, removed, existing };
// Where in a change the text stood.
enum class Place : std::uint8_t { file, path, commit_message, title, body, branch };

struct Axes {
  bool portability = false;  // can a stranger reuse it?
  bool disclosure = false;   // does it tell what should stay private?
  bool operator==(const Axes&) const = default;
};

// Lines and columns count from 1, columns in Unicode code points, ends are exclusive (end_column).
struct Location {
  Place place = Place::file;
  std::string path;  // empty unless the place is a file or a path
  std::uint32_t start_line = 1, start_column = 1, end_line = 1, end_column = 1;
  bool operator==(const Location&) const = default;
};

struct Finding {
  std::string rule;  // kebab-case id
  FindingKind kind = FindingKind::secret;
  Severity severity = Severity::block;
  Axes axes;
  Layer layer = Layer::shared;
  Location location;
  std::optional<std::string> commit;  // the commit that brought it, when known
  bool at_head = true;                // false: only in the change's history
  std::string fingerprint;            // 16 hex digits; HMAC-SHA256 over rule and normalised match
  std::string excerpt;                // redacted, one line
  Structure structure = Structure::unknown;
  ChangeKind change = ChangeKind::introduced;
  std::string title;                      // at most 60 characters: "GitHub token, checksum valid"
  std::string message;                    // why it matters here, one or two sentences
  std::string remedy;                     // what to do now, one or two sentences
  std::optional<std::string> suggestion;  // full replacement text of lines start_line…end_line
  std::string docs_url;                   // where the vendor says how to revoke, or why the rule exists
};

std::string_view to_string(FindingKind);
std::string_view to_string(Severity);
std::string_view to_string(Layer);  // "shared", "instance", "env-data", "doc-test"
std::string_view to_string(Structure);
std::string_view to_string(ChangeKind);
std::string_view to_string(Place);
bool parse(std::string_view, FindingKind&);
bool parse(std::string_view, Severity&);
bool parse(std::string_view, Layer&);
bool parse(std::string_view, Structure&);
bool parse(std::string_view, ChangeKind&);
bool parse(std::string_view, Place&);

}  // namespace fanlight
