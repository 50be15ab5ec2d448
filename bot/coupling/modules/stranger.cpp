#include "fanlight/coupling/stranger.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "check.hpp"
#include "facts/hcl.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "hcl_value.hpp"
#include "internal_names.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kTextBytesMax = 4 * 1024 * 1024;  // of one module's rendered text
constexpr std::size_t kUnresolvedMax = 100;

std::uint32_t line_of(std::string_view text, std::size_t offset) {
  return static_cast<std::uint32_t>(1 + std::ranges::count(text.substr(0, offset), '\n'));
}

HclValue neutral(std::string_view name, std::string_view type) {
  const std::string_view plain = trim(type);
  if (plain.starts_with("list") || plain.starts_with("set")) {
    HclValue out;
    out.kind = HclValue::Kind::list;
    if (plain.find("object") == plain.npos) out.items.push_back(HclValue::of(neutral_value(name, "string")));
    return out;
  }
  if (plain.starts_with("map") || plain.starts_with("object") || plain.starts_with("any") ||
      plain.starts_with("tuple"))
    return {};
  return HclValue::of(neutral_value(name, plain));
}

// All files of a Terraform module as one: variables and locals are the module's.
struct Terraform {
  struct File {
    ModuleText source;
    HclBody body;
  };
  struct Local {
    const File* file;
    detect::Span value;
    bool busy = false, known = false;
    HclValue result = {};
    std::size_t cost = 0;
  };

  Instance& out;
  std::vector<File> files = {};
  std::map<std::string_view, std::string_view> variables = {};  // name → type
  std::map<std::string_view, Local> locals = {};
  std::set<std::string> said = {};
  std::size_t bytes = 0;
  HclBudget budget = {};
  const File* here = nullptr;  // what is being evaluated, for the place of a name that is not there
  std::size_t offset = 0;

  static std::string_view text_of(const File& file, detect::Span span) {
    return file.source.text.substr(span.begin, span.end - span.begin);
  }

  void declare() {
    for (const File& file : files) {
      for (const HclBlock& block : file.body.blocks) {
        if (block.type == "variable" && !block.labels.empty()) {
          const HclAttribute* type = block.body.find("type");
          variables[block.labels[0]] = type ? text_of(file, type->value) : std::string_view{};
        } else if (block.type == "locals") {
          for (const HclAttribute& attribute : block.body.attributes)
            locals[attribute.name] = {&file, attribute.value};
        }
      }
    }
  }

  HclValue name(std::string_view root, std::string_view member) {
    if (root == "var") {
      const auto found = variables.find(member);
      if (found != variables.end()) return neutral(member, found->second);
      unresolved("var.", member);
    } else if (root == "local") {
      const auto found = locals.find(member);
      if (found != locals.end()) return local(found->second);
      unresolved("local.", member);
    }
    return {};
  }

  HclValue local(Local& one) {
    if (one.known) {
      if (one.cost > budget.steps) return {};
      budget.steps -= one.cost;
      return one.result;
    }
    if (one.busy) return {};  // a cycle: Terraform refuses it too
    one.busy = true;
    one.result = evaluate(*one.file, one.value);
    one.busy = false;
    one.known = true;
    one.cost = one.result.cost();
    return one.result;
  }

  void unresolved(std::string_view root, std::string_view member) {
    std::string full = std::string(root) + std::string(member);
    if (member.empty() || !here || said.size() >= kUnresolvedMax || !said.insert(full).second) return;
    out.unresolved.push_back(
        {std::move(full), std::string(here->source.path), line_of(here->source.text, offset)});
  }

  HclValue evaluate(const File& file, detect::Span span) {
    const File* before = here;
    const std::size_t before_offset = offset;
    here = &file;
    offset = span.begin;
    const HclNames names = [this](std::string_view root, std::string_view member) {
      return name(root, member);
    };
    HclValue value = evaluate_hcl(text_of(file, span), names, budget);
    here = before;
    offset = before_offset;
    return value;
  }

  void render(const File& file, const HclBody& body, StrangerText& text) {
    for (const HclAttribute& attribute : body.attributes) {
      if (attribute.name == "description" || attribute.name == "error_message") continue;
      std::string_view plain;
      if (plain_string(text_of(file, attribute.value), plain)) continue;
      std::vector<std::string> values;
      evaluate(file, attribute.value).collect(values);
      for (const std::string& value : values) {
        if (value.empty() || bytes > kTextBytesMax) continue;
        std::string line(attribute.name);
        line += " = \"";
        for (const char c : value) line += c == '\n' ? ' ' : c;
        line += "\"\n";
        bytes += line.size();
        text.text += line;
        text.lines.push_back(line_of(file.source.text, attribute.value.begin));
      }
    }
    for (const HclBlock& block : body.blocks) render(file, block.body, text);
  }

  void run(std::span<const ModuleText> sources) {
    for (const ModuleText& source : sources) {
      if (source.path.ends_with(".tf") || source.path.ends_with(".tofu"))
        files.push_back({source, parse_hcl(source.text)});
    }
    declare();
    for (const File& file : files) {
      StrangerText text{std::string(file.source.path), {}, {}};
      for (const HclBlock& block : file.body.blocks) {
        if (block.type == "variable") continue;
        render(file, block.body, text);
      }
      if (!text.text.empty()) out.texts.push_back(std::move(text));
    }
    out.incomplete = budget.steps == 0 || bytes > kTextBytesMax;
  }
};

}  // namespace

std::string neutral_value(std::string_view name, std::string_view type) {
  const std::string lower = to_lower(name);
  if (type == "number") return "1";
  if (type == "bool") return "true";
  if (has_word(lower, {"cidr", "cidrs", "subnet", "subnets", "network", "range", "ranges"}))
    return "192.0.2.0/24";
  if (has_word(lower, {"ip", "ips", "address", "gateway", "dns"})) return "192.0.2.10";
  if (has_word(lower, {"account", "project"})) return "123456789012";
  if (has_word(lower, {"email", "mail"})) return "ops@example.org";
  if (has_word(lower, {"url", "endpoint", "uri"})) return "https://fan.example.org/";
  if (has_word(lower, {"domain", "zone", "host", "hostname", "fqdn", "server"})) return "example.org";
  return "fan-" + to_hex(sha256(name)).substr(0, 6);
}

Instance instantiate(ModuleKind kind, std::span<const ModuleText> files) {
  Instance out;
  if (kind == ModuleKind::terraform) {
    Terraform{out}.run(files);
  } else {
    render_internal_names(files, out);
  }
  std::ranges::sort(out.texts, {}, &StrangerText::path);
  return out;
}

}  // namespace fanlight::coupling
