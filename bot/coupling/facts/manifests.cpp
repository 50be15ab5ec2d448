// Manifests of what else must be fetched: submodules, Puppetfile, Berksfile, go.mod, flakes; pipelines;
// Python imports; .env examples.
#include <algorithm>
#include <cctype>

#include "fanlight/core/text.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

// Calls `each(line, offset)` for every line.
template <class Each>
void for_lines(std::string_view text, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    each(text.substr(at, end - at), at);
    at = end + 1;
  }
}

std::size_t offset_in(const FactsReader& reader, std::string_view part) {
  return static_cast<std::size_t>(part.data() - reader.text.data());
}

// The quoted text behind `key` (":git =>", "git:", "url ="); empty when there is none.
std::string_view quoted_after(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == line.npos) return {};
  const std::size_t open = line.find_first_of("'\"", at + key.size());
  if (open == line.npos) return {};
  // Only blanks and an arrow may stand between.
  if (line.substr(at + key.size(), open - at - key.size()).find_first_not_of(" =>:\t") != line.npos)
    return {};
  const std::size_t close = line.find(line[open], open + 1);
  return close == line.npos ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

}  // namespace

void read_gitmodules(FactsReader& reader) {
  for_lines(reader.text, [&](std::string_view line, std::size_t) {
    const std::string_view code = trim(line);
    if (!code.starts_with("url")) return;
    const std::size_t equals = code.find('=');
    if (equals == code.npos) return;
    const std::string_view url = trim(code.substr(equals + 1));
    reader.need(Need::manifest, url, offset_in(reader, url));
  });
}

void read_ruby_manifest(FactsReader& reader) {
  for_lines(reader.text, [&](std::string_view line, std::size_t) {
    if (trim(line).starts_with('#')) return;
    for (const std::string_view key : {":git ", ":git=>", "git:", "github:", "gitlab:"}) {
      const std::string_view url = quoted_after(line, key);
      if (!url.empty() && url.find("#{") == url.npos)
        return reader.need(Need::manifest, url, offset_in(reader, url));
    }
    const std::string_view source =
        trim(line).starts_with("source") ? quoted_after(line, "source") : std::string_view{};
    if (!source.empty()) reader.need(Need::manifest, source, offset_in(reader, source));
  });
}

void read_go_mod(FactsReader& reader) {
  bool required = false;
  for_lines(reader.text, [&](std::string_view line, std::size_t) {
    std::string_view code = trim(line.substr(0, line.find("//")));
    if (code.starts_with("module ")) reader.facts.name = trim(code.substr(7));
    const bool one = code.starts_with("require ") && !code.ends_with('(');
    if (code == "require (") required = true;
    if (code == ")") required = false;
    if (one) code = trim(code.substr(8));
    if (!one && (!required || code.ends_with('('))) return;
    const std::string_view path = code.substr(0, code.find(' '));
    if (path.find('.') != path.npos) reader.need(Need::manifest, path, offset_in(reader, path));
  });
}

void read_flake(FactsReader& reader) {
  for_lines(reader.text, [&](std::string_view line, std::size_t) {
    if (trim(line).starts_with('#')) return;
    const std::string_view url = quoted_after(line, "url ");
    const std::string_view same = url.empty() ? quoted_after(line, "url=") : url;
    if (same.find(':') != same.npos) reader.need(Need::manifest, same, offset_in(reader, same));
  });
}

void read_python(FactsReader& reader) {
  for_lines(reader.text, [&](std::string_view line, std::size_t) {
    std::string_view name;
    if (line.starts_with("from ")) {
      name = trim(line.substr(5));
    } else if (line.starts_with("import ")) {
      name = trim(line.substr(7));
    } else {
      return;
    }
    name = name.substr(0, name.find_first_of(" ,\t\r;#"));
    reader.need(Need::import, name, offset_in(reader, name));
  });
}

void read_workflow(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (const YamlLine& line : lines) {
    if (line.value.find("${{") != line.value.npos) continue;
    if (line.key == "uses" && !line.value.empty()) {
      const bool image = line.value.starts_with("docker://");
      reader.need(image ? Need::image : Need::action, image ? line.value.substr(9) : line.value,
                  line.span.begin + (image ? 9 : 0));
    }
    if (line.key == "image" && !line.value.empty()) reader.need(Need::image, line.value, line.span.begin);
    if (line.key == "container" && !line.value.empty()) reader.need(Need::image, line.value, line.span.begin);
    if (line.key == "runs-on" || line.key == "labels" || line.key == "group") {
      const bool runner = line.key == "runs-on" || parent_key(lines, line) == "runs-on";
      if (!runner) continue;
      const auto items = flow_items(line);
      for (const YamlLine& item : items) reader.need(Need::runner, item.value, item.span.begin);
      if (items.empty()) reader.need(Need::runner, line.value, line.span.begin);
    }
    if (line.item && line.key.empty() && parent_key(lines, line) == "runs-on")
      reader.need(Need::runner, line.value, line.span.begin);
  }
}

void read_gitlab_ci(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (const YamlLine& line : lines) {
    if (line.value.empty() || line.value.find('$') != line.value.npos) continue;
    const std::string_view parent = parent_key(lines, line);
    if (parent == "include" && (line.key == "project" || line.key == "remote" || line.key == "component"))
      reader.need(Need::action, line.value, line.span.begin);
    if (line.key == "image" || (line.key == "name" && parent == "image"))
      reader.need(Need::image, line.value, line.span.begin);
    if (line.item && line.key.empty() && parent == "tags")
      reader.need(Need::runner, line.value, line.span.begin);
    if (line.key == "tags") {
      for (const YamlLine& item : flow_items(line)) reader.need(Need::runner, item.value, item.span.begin);
    }
  }
}

void read_env_example(FactsReader& reader) {
  for_lines(reader.text, [&](std::string_view line, std::size_t) {
    std::string_view code = trim(line);
    if (code.starts_with("# ")) code.remove_prefix(2);
    if (code.starts_with("export ")) code.remove_prefix(7);
    const std::size_t equals = code.find('=');
    if (equals != code.npos && code.substr(0, equals).find(' ') == code.npos)
      reader.declare(code.substr(0, equals));
  });
}

}  // namespace fanlight::coupling
