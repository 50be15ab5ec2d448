// Salt states, templates, and what any text says of private places.
#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/text.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kArgumentBytesMax = 512;

bool is_key(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
}

// A quoted text at or behind `at`, blanks and an opening bracket before it allowed. Nothing: no quote there.
std::string_view quoted_at(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '(' || text[at] == ',')) ++at;
  if (at >= text.size() || (text[at] != '\'' && text[at] != '"')) return {};
  const std::size_t end =
      text.substr(0, std::min(text.size(), at + kArgumentBytesMax)).find(text[at], at + 1);
  return end == text.npos ? std::string_view{} : text.substr(at + 1, end - at - 1);
}

bool takes_more(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\'' || text[at] == '"')) ++at;
  return text.substr(at, 1) == "," || text.substr(at, 2) == "|d" || text.substr(at, 3) == "] |" ||
         text.substr(at, 2) == ")|";
}

void read_pillar(FactsReader& reader) {
  const std::string_view text = reader.text;
  for (std::size_t at = text.find("pillar"); at != text.npos; at = text.find("pillar", at + 6)) {
    std::size_t next = at + 6;
    if (text.substr(next, 4) == ".get") next += 4;
    if (text.substr(next, 2) == "']" || text.substr(next, 2) == "\"]") next += 2;  // salt['pillar.get']('…')
    const bool index = text.substr(next, 1) == "[";
    if (!index && text.substr(next, 1) != "(") continue;
    const std::string_view key = quoted_at(text, next + 1);
    if (key.empty()) continue;
    const std::size_t begin = static_cast<std::size_t>(key.data() - text.data());
    std::string path(key);
    std::ranges::replace(path, ':', '.');
    reader.look_up(LookupKind::pillar, path, takes_more(text, begin + key.size() + 1), begin);
    if (!reader.facts.lookups.empty()) reader.facts.lookups.back().span.end = begin + key.size();
  }
}

void read_go_values(FactsReader& reader) {
  const std::string_view text = reader.text;
  for (std::size_t at = text.find(".Values."); at != text.npos; at = text.find(".Values.", at + 8)) {
    std::size_t end = at + 8;
    while (end < text.size() && is_key(text[end])) ++end;
    while (end > at + 8 && text[end - 1] == '.') --end;
    const std::string_view key = text.substr(at + 8, end - at - 8);
    const std::size_t close = text.substr(0, std::min(text.size(), end + kArgumentBytesMax)).find("}}", end);
    const std::size_t open = text.rfind("{{", at);
    const std::string_view around = open == text.npos || at - open > kArgumentBytesMax
                                        ? std::string_view{}
                                        : text.substr(open, (close == text.npos ? end : close) - open);
    // A condition asks whether it is there; `required` says what is missing.
    const bool safe = around.find("default") != around.npos || around.find("if ") != around.npos ||
                      around.find("with ") != around.npos || around.find("required") != around.npos ||
                      around.find("range ") != around.npos;
    reader.look_up(LookupKind::values, key, safe, at + 8);
  }
}

struct Marker {
  std::string_view text;
  enum class Then : std::uint8_t { path, quoted } then;
};

// How people write a path in a store of secrets.
constexpr auto kMarkers = std::to_array<Marker>({
    {"op://", Marker::Then::path},
    {"__vault__:", Marker::Then::path},
    {"resolve:ssm:", Marker::Then::path},
    {"resolve:ssm-secure:", Marker::Then::path},
    {"resolve:secretsmanager:", Marker::Then::path},
    {"aws_ssm',", Marker::Then::quoted},
    {"aws_ssm\",", Marker::Then::quoted},
    {"aws_secret',", Marker::Then::quoted},
    {"hashi_vault',", Marker::Then::quoted},
    {"with secret ", Marker::Then::quoted},
    {"keyOrDefault ", Marker::Then::quoted},
});

void find_secret_paths(FactsReader& reader) {
  const std::string_view text = reader.text;
  for (const Marker& marker : kMarkers) {
    for (std::size_t at = text.find(marker.text); at != text.npos; at = text.find(marker.text, at + 1)) {
      const std::size_t begin = at + marker.text.size();
      std::string_view path;
      if (marker.then == Marker::Then::quoted) {
        path = quoted_at(text, begin);
      } else {
        std::size_t end = begin;
        while (end < text.size() && (is_key(text[end]) || text[end] == '/')) ++end;
        path = text.substr(begin, end - begin);
      }
      const bool variable =
          path.find("{{") != path.npos || path.find("${") != path.npos || path.find('$') != path.npos;
      if (path.find('/') != path.npos && path.size() > 3 && !variable)
        reader.look_up(LookupKind::secret_path, path, false,
                       static_cast<std::size_t>(path.data() - text.data()));
    }
  }
}

bool has_private_name(std::string_view name) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"private", "private_dir", "private_files", "private_path", "secrets_dir", "secret_dir", "private_repo",
       "secrets_path", "private_root"});
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

void read_salt(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (const YamlLine& line : lines) {
    if (line.item && line.key.empty() && parent_key(lines, line) == "include" &&
        line.value.find("{{") == line.value.npos)
      reader.need(Need::salt_state, line.value, line.span.begin);
  }
  read_pillar(reader);
}

void read_template(FactsReader& reader) {
  if (reader.text.find(".Values.") != reader.text.npos) read_go_values(reader);
  if (reader.text.find("pillar") != reader.text.npos) read_pillar(reader);
  if (reader.name.ends_with(".yaml") || reader.name.ends_with(".yml")) {
    for (const YamlLine& line : read_yaml_lines(reader.text)) {
      if (line.key == "image" && !line.value.empty() && line.value.find("{{") == line.value.npos)
        reader.need(Need::image, line.value, line.span.begin);
    }
  }
}

void find_substitutions(FactsReader& reader) {
  const std::string_view text = reader.text;
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at + 2)) {
    if (at > 0 && text[at - 1] == '$') continue;
    std::size_t end = at + 2;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    const std::string_view key = text.substr(at + 2, end - at - 2);
    const std::string_view next = text.substr(end, 2);
    if (key.empty() || next.empty()) continue;
    // ":?" tells whoever starts it what to set: as good as a stub.
    const bool safe = next.starts_with(":") || next.starts_with("-") || next.starts_with("?");
    reader.look_up(LookupKind::environment, key, safe, at + 2);
  }
}

void find_private_files(FactsReader& reader) {
  const std::string_view text = reader.text;
  find_secret_paths(reader);
  for (std::size_t at = text.find("{{"); at != text.npos; at = text.find("{{", at + 2)) {
    std::size_t begin = at + 2;
    while (begin < text.size() && text[begin] == ' ') ++begin;
    std::size_t end = begin;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    std::size_t close = end;
    while (close < text.size() && text[close] == ' ') ++close;
    const std::string_view name = text.substr(begin, end - begin);
    if (text.substr(close, 3) == "}}/" && has_private_name(name))
      reader.look_up(LookupKind::private_file, name, false, begin);
  }
  for (const std::string_view folder :
       {"../secrets/", "../private/", "puppet:///private/", "../../secret/"}) {
    for (std::size_t at = text.find(folder); at != text.npos; at = text.find(folder, at + 1)) {
      std::size_t end = at + folder.size();
      while (end < text.size() && (is_key(text[end]) || text[end] == '/')) ++end;
      reader.look_up(LookupKind::private_file, text.substr(at, end - at), false, at);
    }
  }
}

}  // namespace fanlight::coupling
