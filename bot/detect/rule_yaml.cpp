// Rules from YAML. One reader walks one rule; the first fault wins and carries the line it stands on.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <initializer_list>

#include <fmt/format.h>

#include "automaton.hpp"
#include "fanlight/core/text.hpp"
#include "ruleset.hpp"

namespace fanlight::detect {

struct RuleArena {
  std::deque<std::string> strings;
  std::deque<std::vector<std::string_view>> lists;
  std::vector<Rule> rules;
  std::shared_ptr<const void> base;  // what the rules that were there before point to

  std::string_view keep(std::string text) { return strings.emplace_back(std::move(text)); }
  std::span<const std::string_view> keep(std::vector<std::string_view> list) {
    return lists.emplace_back(std::move(list));
  }
};

namespace {

constexpr std::size_t kYamlBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kRulesMax = 5000;
constexpr std::size_t kListItemsMax = 1000;
constexpr std::uint32_t kShortSecretBytes = 16;

// What is called so stands beside a service's name and is no credential: ids, hashes, commits.
constexpr std::string_view kNamesOfNoSecret =
    R"re((?:(?i:(?:\b|[_.-])(?:id|uuid|guid|sha[0-9]{0,3}|md5|hash|digest|checksum|commit|rev|revision|ref|etag|)re"
    R"re(fingerprint|integrity|build|version|trace|span))|[a-z](?:Id|Uuid|Sha|Hash|Digest|Checksum|Commit|Revision)re"
    R"re(|Fingerprint|Integrity))[\\"'\])]{0,4}\s{0,20}[:=]{1,2}>?\s{0,5}[\\"'`]{0,3}$|[#@]$)re";

class RuleReader {
 public:
  RuleReader(RuleArena& arena, const YAML::Node& node) : arena_(arena), node_(node), line_(line_of(node)) {}

  Rule read();
  const std::string& fault() const { return fault_; }
  int line() const { return line_; }

 private:
  using Keys = std::initializer_list<std::string_view>;

  static int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

  void fail_at(const YAML::Node& node, std::string text) {
    if (!fault_.empty()) return;
    fault_ = std::move(text);
    if (node && node.Mark().line >= 0) line_ = line_of(node);
  }
  // False, with a fault, when `node` is no map or has a key that is not in `keys`.
  bool check_keys(const YAML::Node& node, std::string_view where, Keys keys);
  std::string_view text(const YAML::Node& node, std::string_view key);
  std::span<const std::string_view> list(const YAML::Node& node, std::string_view key);
  bool flag(const YAML::Node& node, std::string_view key);
  std::uint32_t count(const YAML::Node& node, std::string_view key);
  double number(const YAML::Node& node, std::string_view key);

  void read_search(Rule& rule);
  std::span<const std::string_view> spelled(std::span<const std::string_view> names);
  void read_assigned(Rule& rule, const YAML::Node& assigned);
  void read_window(Rule& rule);
  void read_judgement(Rule& rule);
  void read_severity(Rule& rule);
  Severity severity(const YAML::Node& node);
  void read_axes(Rule& rule);
  void read_words(Rule& rule);

  RuleArena& arena_;
  YAML::Node node_;
  int line_;
  std::string fault_;
};

bool RuleReader::check_keys(const YAML::Node& node, std::string_view where, Keys keys) {
  if (!node.IsMap()) {
    fail_at(node, fmt::format("{}: must be a map", where));
    return false;
  }
  const std::vector<std::string_view> known(keys);
  std::vector<std::string> seen;
  for (const auto& item : node) {
    const std::string key = item.first.IsScalar() ? item.first.Scalar() : "";
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const std::string_view near = nearest(key, known);
      fail_at(item.first, near.empty() ? fmt::format("unknown key \"{}\" in {}", key, where)
                                       : fmt::format("unknown key \"{}\", did you mean \"{}\"?", key, near));
      return false;
    }
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      fail_at(item.first, fmt::format("key \"{}\" stands twice", key));
      return false;
    }
    seen.push_back(key);
  }
  return true;
}

std::string_view RuleReader::text(const YAML::Node& node, std::string_view key) {
  if (!node) return {};
  if (!node.IsScalar()) {
    fail_at(node, fmt::format("{}: must be a text", key));
    return {};
  }
  return arena_.keep(node.Scalar());
}

std::span<const std::string_view> RuleReader::list(const YAML::Node& node, std::string_view key) {
  if (!node) return {};
  if (!node.IsSequence() || node.size() > kListItemsMax) {
    fail_at(node, fmt::format("{}: must be a list of at most {} texts", key, kListItemsMax));
    return {};
  }
  std::vector<std::string_view> items;
  for (const auto& item : node) {
    items.push_back(text(item, key));
    if (items.back().empty()) fail_at(item, fmt::format("{}: holds an empty item", key));
  }
  return arena_.keep(std::move(items));
}

bool RuleReader::flag(const YAML::Node& node, std::string_view key) {
  if (!node) return false;
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (!node.IsScalar() || node.Scalar() != "false")
    fail_at(node, fmt::format("{}: must be true or false", key));
  return false;
}

std::uint32_t RuleReader::count(const YAML::Node& node, std::string_view key) {
  std::uint32_t value = 0;
  const std::string& digits = node.IsScalar() ? node.Scalar() : std::string();
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) {
    fail_at(node, fmt::format("{}: must be a whole number", key));
  }
  return value;
}

double RuleReader::number(const YAML::Node& node, std::string_view key) {
  double value = 0;
  const std::string& digits = node.IsScalar() ? node.Scalar() : std::string();
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) {
    fail_at(node, fmt::format("{}: must be a number", key));
  }
  return value;
}

void RuleReader::read_search(Rule& rule) {
  rule.id = text(node_["id"], "id");
  rule.name = text(node_["name"], "name");
  rule.service = text(node_["service"], "service");
  const std::string_view kind = text(node_["kind"], "kind");
  if (!parse(kind, rule.kind)) fail_at(node_["kind"], "kind: must be secret or coupling");
  rule.anchors = list(node_["anchors"], "anchors");
  rule.anchors_ignore_case = flag(node_["ignore_case"], "ignore_case");
  rule.pattern = text(node_["pattern"], "pattern");
  if (const YAML::Node assigned = node_["assigned"]) read_assigned(rule, assigned);
  read_window(rule);
  if (const YAML::Node paths = node_["paths"]; paths && check_keys(paths, "paths", {"only", "not"})) {
    rule.paths_only = list(paths["only"], "paths.only");
    rule.paths_not = list(paths["not"], "paths.not");
  }
}

// The ways to write a name: "new_relic" stands for newrelic, new-relic, new.relic and "new relic" too. One
// that ends in "_" is a word that others begin with (wiz_, wizard): it needs a joint or a credential's name
// after it.
std::vector<std::string> spellings(std::string_view name) {
  std::vector<std::string> out{std::string(name)};
  if (!name.contains('_')) return out;
  for (const char joint : {'-', '.', ' '}) std::ranges::replace(out.emplace_back(name), '_', joint);
  std::string joined(name);
  std::erase(joined, '_');
  if (!name.ends_with('_')) {
    out.push_back(joined);
    return out;
  }
  out.resize(2);  // after a word "." and " " say little
  for (const char* next : {"\"", "'", "]", ":", "=", " =", "(", ".com", ".io", "api", "key", "token",
                           "secret", " api", " key", " token"}) {
    out.push_back(joined + next);
  }
  return out;
}

// Does the rule look for an id as well? Then an id is no reason to leave a value alone.
bool wants_id(const YAML::Node& assigned) {
  if (!assigned.IsMap() || !assigned["as"] || !assigned["as"].IsSequence()) return false;
  return std::ranges::any_of(assigned["as"], [](const YAML::Node& word) {
    return word.IsScalar() && word.Scalar().ends_with("id");
  });
}

// What a name, in any spelling, is looked for by: no text twice, and none that holds another.
std::span<const std::string_view> RuleReader::spelled(std::span<const std::string_view> names) {
  std::vector<std::string> all;
  for (const std::string_view name : names) {
    for (std::string& text : spellings(name)) all.push_back(std::move(text));
  }
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool needed = true;
    for (std::size_t j = 0; j < all.size() && needed; ++j) {
      needed = i == j || all[i].find(all[j]) == std::string::npos || (all[i] == all[j] && i < j);
    }
    if (needed) out.push_back(arena_.keep(all[i]));
  }
  return arena_.keep(std::move(out));
}

// A credential without a form of its own, known by the name that it is assigned to. The one place that says
// how people assign: `COHERE_API_KEY=…`, `"cohere": {"key": "…"}`, `cohere.token => '…'`, `cohereToken ?= …`,
// `-H "cohere-key: …"`, `<key>CohereKey</key><string>…`, `cohere_token: str = "…"`, `new Cohere("…")`.
void RuleReader::read_assigned(Rule& rule, const YAML::Node& assigned) {
  if (!check_keys(assigned, "assigned", {"to", "as", "alone", "value"})) return;
  if (node_["anchors"] || node_["pattern"] || node_["ignore_case"] || node_["window"]) {
    return fail_at(assigned, "assigned: stands instead of anchors, ignore_case, pattern and window");
  }
  rule.anchors = spelled(list(assigned["to"], "assigned.to"));
  rule.anchors_ignore_case = true;
  const std::string_view value = text(assigned["value"], "assigned.value");
  if (rule.anchors.empty() || value.empty()) return fail_at(assigned, "assigned: needs to and value");
  const auto quote = [](std::string_view word) {
    return re2::RE2::QuoteMeta(re2::StringPiece(word.data(), word.size()));
  };
  std::string names;
  for (const std::string_view name : rule.anchors) names.append(names.empty() ? "" : "|").append(quote(name));
  std::string credentials =
      R"(key|token|secret|pass(?:word|wd|phrase)?|pwd|auth|cred|api|access|bearer|[_.-]pat\b)";
  for (const std::string_view word : list(assigned["as"], "assigned.as")) credentials += "|" + quote(word);
  // What the credential is called, and what may stand behind that: `[0]`, `, "value`, ` {\n default`, `:
  // str`.
  const std::string called = fmt::format(
      R"re([\s\S]{{0,40}}?(?i:{})[\w.-]{{0,20}}(?:\[\d{{0,4}}\])?[\\"'`\])]{{0,5}})re"
      R"re((?:[,\s{{]{{1,20}}(?:(?:type|description)\s{{0,12}}=[^\n]{{0,80}}\n\s{{0,12}}){{0,2}})re"
      R"re([\\"']{{0,5}}(?i:value|default)[\\"']{{0,5}})?)re"
      R"re((?:\s{{0,3}}:\s{{0,3}}[A-Za-z&][\w<>\[\].&']{{0,20}})re"
      R"re(|\s{{1,3}}(?i:str|string|char|byte|text)[\w<>\[\]]{{0,8}})?\s{{0,40}})re",
      credentials);
  const std::string_view assigns =
      R"re((?:[.?+|!]{0,2}={1,3}>?|:{1,2}=?|,|->|\|{1,2}|>|\s|is\s|%3[Dd]|</\w{1,20}>\s{0,40}<\w{1,20}>))re"
      R"re((?:\s{0,3}[>|][+-]?\s{1,20}|\s{0,3}!!?\w{1,10}\s{1,3})?)re";
  // Without a credential's name the service's must stand right before what assigns, or be what is called with
  // it: `cohere = "…"`, `new Cohere("…")`, `cohere.init('app', '…')`, and with `alone` `cohere: …`.
  const std::string_view alone = flag(assigned["alone"], "assigned.alone") ? ":?={1,2}>?|:" : ":?={1,2}";
  rule.pattern = arena_.keep(fmt::format(
      R"re((?i:{})(?:{}{}|[\\"'`\])]{{0,5}}\s{{0,10}}(?:{})|[\w.:]{{0,30}}\(\s{{0,10}}(?:["'][^"'\n]{{0,60}}["'],\s{{0,10}})?))re"
      R"re(\s{{0,5}}(?:[\w.:]{{1,30}}\()?(?:[@bBrRuUL]{{1,2}}["'])?[\\"'`(\[]{{0,5}})re"
      R"re((?:(?i:bearer|token|basic|apikey)\s{{1,3}})?({})(?:[^0-9A-Za-z_+/=-]|$))re",
      names, called, assigns, alone, value));
}

void RuleReader::read_window(Rule& rule) {
  const YAML::Node window = node_["window"];
  if (window && !check_keys(window, "window", {"before", "after"})) return;
  const YAML::Node before = window ? window["before"] : YAML::Node(YAML::NodeType::Undefined);
  const YAML::Node after = window ? window["after"] : YAML::Node(YAML::NodeType::Undefined);
  if (before) rule.window_before = count(before, "window.before");
  if (after) rule.window_after = count(after, "window.after");
  if ((before && after) || rule.pattern.empty()) return;
  const auto longest = match_bytes_max(rule.pattern);
  if (!longest) {
    // A pattern that does not compile says so itself, in fault_of.
    if (compile_pattern(rule.pattern)->ok()) {
      fail_at(node_["pattern"],
              "pattern: has no longest match: bound its repetitions, or give window.before and "
              "window.after");
    }
    return;
  }
  if (!before) {
    const bool at_anchor = starts_with_anchor(rule.pattern, rule.anchors, rule.anchors_ignore_case);
    rule.window_before = at_anchor ? 0 : *longest;
  }
  if (!after) rule.window_after = *longest;
}

void RuleReader::read_judgement(Rule& rule) {
  // What only its name tells is judged by its looks as well.
  const bool assigned = static_cast<bool>(node_["assigned"]);
  rule.check = node_["check"] || !assigned ? text(node_["check"], "check") : "random";
  if (const YAML::Node entropy = node_["entropy"]; entropy) {
    rule.entropy_min = number(entropy, "entropy");
  } else if (assigned) {
    // Eleven letters by chance repeat some.
    const auto longest = match_bytes_max(text(node_["assigned"]["value"], "assigned.value"));
    rule.entropy_min = longest && *longest < kShortSecretBytes ? 2.3 : 2.8;
  }
  rule.unless = text(node_["unless"], "unless");
  if (assigned && !node_["unless"] && !wants_id(node_["assigned"])) rule.unless = kNamesOfNoSecret;
  rule.placeholders = node_["placeholders"] || !assigned ? flag(node_["placeholders"], "placeholders") : true;
  if (const YAML::Node partner = node_["partner"];
      partner && check_keys(partner, "partner", {"pattern", "lines"})) {
    rule.partner = text(partner["pattern"], "partner.pattern");
    if (rule.partner.empty()) fail_at(partner, "partner: needs a pattern");
    if (!partner["lines"]) fail_at(partner, "partner: needs lines");
    if (partner["lines"]) rule.partner_lines = count(partner["lines"], "partner.lines");
  }
  read_severity(rule);
  read_axes(rule);
}

Severity RuleReader::severity(const YAML::Node& node) {
  Severity value = Severity::off;
  if (!node.IsScalar() || !parse(std::string_view(node.Scalar()), value)) {
    fail_at(node, "severity: must be off, note, warn or block");
  }
  return value;
}

void RuleReader::read_severity(Rule& rule) {
  const YAML::Node node = node_["severity"];
  if (!node) {
    if (rule.kind == FindingKind::coupling) fail_at(node_, "severity: missing");
    return;
  }
  if (node.IsScalar()) return rule.severity.fill(severity(node));
  if (!check_keys(node, "severity", {"shared", "instance", "env-data", "doc-test"})) return;
  rule.severity.fill(Severity::off);
  for (const auto& item : node) {
    Layer layer{};
    if (parse(std::string_view(item.first.Scalar()), layer)) {
      rule.severity[static_cast<std::size_t>(layer)] = severity(item.second);
    }
  }
}

void RuleReader::read_axes(Rule& rule) {
  const YAML::Node node = node_["axis"];
  if (!node) {
    rule.axes.disclosure = rule.kind == FindingKind::secret;
    return;
  }
  for (const std::string_view axis : list(node, "axis")) {
    if (axis == "portability") {
      rule.axes.portability = true;
    } else if (axis == "disclosure") {
      rule.axes.disclosure = true;
    } else {
      fail_at(node, "axis: must be portability or disclosure");
    }
  }
}

void RuleReader::read_words(Rule& rule) {
  rule.message = text(node_["message"], "message");
  rule.remedy = text(node_["remedy"], "remedy");
  rule.source = text(node_["source"], "source");
  rule.revoke_url = text(node_["revoke"], "revoke");
  const YAML::Node examples = node_["examples"];
  if (!examples || !check_keys(examples, "examples", {"match", "no_match"})) return;
  rule.examples = list(examples["match"], "examples.match");
  rule.counterexamples = list(examples["no_match"], "examples.no_match");
}

Rule RuleReader::read() {
  Rule rule;
  if (!check_keys(
          node_, "a rule",
          {"id",     "name",    "service", "kind",   "anchors",      "ignore_case", "pattern", "assigned",
           "window", "check",   "entropy", "unless", "placeholders", "paths",       "partner", "severity",
           "axis",   "message", "remedy",  "source", "revoke",       "examples"})) {
    return rule;
  }
  read_search(rule);
  read_judgement(rule);
  read_words(rule);
  if (!fault_.empty()) return rule;
  if (const std::string fault = fault_of(rule); !fault.empty()) {
    const YAML::Node key = node_[fault.substr(0, fault.find(':'))];
    fail_at(key ? key : node_, fault);
  }
  return rule;
}

}  // namespace

std::shared_ptr<RuleArena> make_arena() {
  return std::make_shared<RuleArena>();
}

Result<void> read_rules(std::string_view yaml, const std::string& file, ParsedRules& out) {
  if (yaml.size() > kYamlBytesMax) {
    return fail(ErrorCode::too_large, fmt::format("{}: rules: more than {} bytes", file, kYamlBytesMax));
  }
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (root.IsNull()) return {};
    if (!root.IsSequence())
      return fail(ErrorCode::bad_input, fmt::format("{}:1: rules: must be a list", file));
    for (const auto& node : root) {
      RuleReader reader(*out.arena, node);
      const Rule rule = reader.read();
      const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::bad_input, fmt::format("{}:{}: {}", file, reader.line(), why));
      };
      if (!reader.fault().empty()) return refuse(reader.fault());
      for (const ParsedRule& other : out.rules) {
        if (other.rule.id == rule.id) {
          return refuse(fmt::format("id: \"{}\" stands already in {}:{}", rule.id, other.file, other.line));
        }
      }
      if (out.rules.size() == kRulesMax) return refuse(fmt::format("more than {} rules", kRulesMax));
      out.rules.push_back({rule, file, reader.line()});
    }
  } catch (const YAML::Exception& error) {
    return fail(ErrorCode::bad_input, fmt::format("{}:{}: {}", file, error.mark.line + 1, error.msg));
  }
  return {};
}

Result<RuleSet> add_rules(const RuleSet& base, std::span<const RuleText> texts) {
  ParsedRules parsed{{}, make_arena()};
  for (const RuleText& text : texts) {
    if (auto read = read_rules(text.yaml, text.file, parsed); !read) return std::unexpected(read.error());
  }
  if (parsed.rules.size() > kCustomRulesMax) {
    return fail(ErrorCode::too_large, fmt::format("{}: {} rules of your own, the limit is {}", texts[0].file,
                                                  parsed.rules.size(), kCustomRulesMax));
  }
  std::vector<Rule>& rules = parsed.arena->rules;
  rules.assign(base.rules.begin(), base.rules.end());
  for (const ParsedRule& one : parsed.rules) {
    const auto same = std::find_if(base.rules.begin(), base.rules.end(),
                                   [&](const Rule& rule) { return rule.id == one.rule.id; });
    if (same != base.rules.end()) {
      return fail(ErrorCode::bad_input,
                  fmt::format("{}:{}: id: there is a rule \"{}\" already, give this one another id", one.file,
                              one.line, one.rule.id));
    }
    rules.push_back(one.rule);
  }
  parsed.arena->base = base.arena;
  RuleSet out;
  out.rules = rules;
  out.arena = std::move(parsed.arena);
  return out;
}

Result<RuleSet> parse_rules(std::string_view yaml, const std::string& file) {
  ParsedRules parsed{{}, make_arena()};
  if (auto read = read_rules(yaml, file, parsed); !read) return std::unexpected(read.error());
  for (ParsedRule& rule : parsed.rules) parsed.arena->rules.push_back(rule.rule);
  RuleSet out;
  out.rules = parsed.arena->rules;
  out.arena = std::move(parsed.arena);
  return out;
}

}  // namespace fanlight::detect
