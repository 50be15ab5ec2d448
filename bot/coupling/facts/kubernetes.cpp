// Helm, Kustomize, Kubernetes objects, compose: charts and bases, images, values.
#include <algorithm>

#include "fanlight/core/text.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

bool is_templated(std::string_view text) {
  return text.find("{{") != text.npos || text.find("${") != text.npos;
}

void need_image(FactsReader& reader, const YamlLine& line) {
  if (!line.value.empty() && !is_templated(line.value)) reader.need(Need::image, line.value, line.span.begin);
}

// A list under one of `keys`, as lines or in brackets.
void need_listed(FactsReader& reader, const std::vector<YamlLine>& lines,
                 std::initializer_list<std::string_view> keys) {
  for (const YamlLine& line : lines) {
    if (line.key.empty() && line.item && std::ranges::find(keys, parent_key(lines, line)) != keys.end())
      reader.need(Need::module, line.value, line.span.begin);
    if (std::ranges::find(keys, line.key) == keys.end()) continue;
    for (const YamlLine& item : flow_items(line)) reader.need(Need::module, item.value, item.span.begin);
  }
}

}  // namespace

void read_helm_chart(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const YamlLine& line = lines[i];
    if (line.key == "name" && line.parent < 0) reader.facts.name = line.value;
    if (line.key != "repository" || parent_key(lines, line) != "dependencies") continue;
    if (line.value.starts_with("file://")) {
      reader.need(Need::module, line.value.substr(7), line.span.begin + 7);
    } else {
      reader.need(Need::module, line.value, line.span.begin);
    }
  }
}

void read_values(FactsReader& reader) {
  // values.yaml is the chart's own; values-prod.yaml is an environment's.
  const bool own = iequals(reader.name, "values.yaml") || iequals(reader.name, "values.yml");
  reader.facts.all_defaults = own;
  const auto lines = read_yaml_lines(reader.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const YamlLine& line = lines[i];
    if (line.key.empty()) continue;
    reader.declare(key_path(lines, i));
    if (own && line.parent < 0 && !line.item) reader.parameter(line.key, "", true, line.span);
    if (line.key == "image") need_image(reader, line);
    if (line.key == "repository" && parent_key(lines, line).ends_with("mage")) {
      const YamlLine* registry = in_item(lines, i, "registry");
      if (!registry || registry->value.empty()) need_image(reader, line);
    }
    if ((line.key == "registry" || line.key == "imageRegistry") && line.value.find('.') != line.value.npos)
      need_image(reader, line);
  }
}

void read_kustomization(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  need_listed(reader, lines, {"resources", "bases", "components"});
  for (const YamlLine& line : lines) {
    if (line.key == "newName" && parent_key(lines, line) == "images") need_image(reader, line);
    if (line.key == "repo" && parent_key(lines, line) == "helmCharts")
      reader.need(Need::module, line.value, line.span.begin);
  }
}

void read_manifest(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  const auto top = [&](std::string_view key) {
    return std::ranges::any_of(lines, [&](const YamlLine& l) { return l.key == key && l.parent < 0; });
  };
  if (top("apiVersion") && top("kind")) {
    for (const YamlLine& line : lines) {
      if (line.key == "image") need_image(reader, line);
      const bool url = line.key == "url" || line.key == "repoURL";
      if (url && (parent_key(lines, line) == "spec" || parent_key(lines, line).starts_with("source")))
        reader.need(Need::module, line.value, line.span.begin);
    }
    // Flux substitutes ${…}; a plain object has none, and a shell's own do not matter.
    if (reader.text.find("postBuild") != reader.text.npos) find_substitutions(reader);
    return;
  }
  // A playbook is known by its plays.
  const bool plays = std::ranges::any_of(lines, [](const YamlLine& l) {
    return l.item && l.parent < 0 && (l.key == "hosts" || l.key == "name" || l.key == "import_playbook");
  });
  if (plays && (reader.text.find("hosts:") != reader.text.npos ||
                reader.text.find("import_playbook") != reader.text.npos))
    read_ansible_tasks(reader);
}

void read_compose(FactsReader& reader) {
  const auto lines = read_yaml_lines(reader.text);
  for (const YamlLine& line : lines) {
    if (line.key == "image") need_image(reader, line);
    if (line.key == "file" && parent_key(lines, line) == "extends")
      reader.need(Need::module, line.value, line.span.begin);
    if (line.item && line.key.empty() && parent_key(lines, line) == "include")
      reader.need(Need::module, line.value, line.span.begin);
  }
  find_substitutions(reader);
}

void read_dockerfile(FactsReader& reader) {
  std::vector<std::string> stages;
  std::size_t at = 0;
  for (const std::string_view line : split(reader.text, '\n')) {
    const std::size_t begin = at;
    at += line.size() + 1;
    const std::string_view code = trim(line);
    if (code.size() < 5) continue;
    if (iequals(code.substr(0, 4), "ARG ")) {
      const std::string_view rest = trim(code.substr(4));
      const std::size_t equals = rest.find('=');
      reader.parameter(rest.substr(0, equals), "", equals != rest.npos, {begin, begin + line.size()});
      continue;
    }
    if (!iequals(code.substr(0, 5), "FROM ")) continue;
    std::vector<std::string> words;
    if (!split_words(code.substr(5), words)) continue;
    std::erase_if(words, [](const std::string& word) { return word.starts_with("--"); });
    if (words.empty()) continue;
    if (words.size() == 3 && iequals(words[1], "as")) stages.push_back(words[2]);
    const bool stage =
        std::ranges::find(stages, words[0]) != stages.end() && !(words.size() == 3 && words[0] == words[2]);
    if (!stage && !is_templated(words[0]) && words[0] != "scratch")
      reader.need(Need::image, words[0], begin + line.find(words[0]));
  }
}

}  // namespace fanlight::coupling
