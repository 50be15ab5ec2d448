// Text to YamlNode. yaml-cpp's event interface is used, not its node tree: every event passes our limits
// before the next is read, so the parser's recursion ends at `yaml_depth_max` levels however deep the text
// is, and an anchor or alias is refused where it stands. What its scanner would do before the first event
// (queue a token for every bracket of one endless line, take byte 0x04 for the end of the text) is refused by
// looking at the bytes first.
#include "fanlight/policy/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>  // yaml-cpp reads from an istream only
#include <utility>

#include "fanlight/core/text.hpp"

namespace fanlight::policy {

namespace {

// Thrown inside the parser's callbacks and caught in parse_yaml; never leaves this file.
struct Refused {
  ErrorCode code;
  unsigned line;
  std::string what;
};

constexpr std::string_view yaml_str_tag = "tag:yaml.org,2002:str";

class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    take(make(mark, anchor, "?", YamlType::null));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{ErrorCode::bad_input, line_of(mark),
                  "aliases (*name) are not supported: write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(mark, anchor, tag, YamlType::scalar);
    node.quoted = tag != "?";
    node.scalar = value;
    take(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(mark, anchor, tag, YamlType::sequence));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(mark, anchor, tag, YamlType::mapping));
  }
  void OnMapEnd() override { close(); }

  YamlNode root() && { return std::move(root_); }

 private:
  // A collection that is being read; `key` waits for its value.
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;
    std::set<std::string, std::less<>> seen;
  };

  static unsigned line_of(const YAML::Mark& mark) { return mark.line < 0 ? 1u : unsigned(mark.line) + 1; }

  YamlNode make(const YAML::Mark& mark, YAML::anchor_t anchor, std::string_view tag, YamlType type) {
    const unsigned line = line_of(mark);
    if (anchor != YAML::NullAnchor) {
      throw Refused{ErrorCode::bad_input, line, "anchors (&name) are not supported: write the value out"};
    }
    if (!tag.empty() && tag != "?" && tag != "!" && tag != yaml_str_tag) {
      throw Refused{ErrorCode::bad_input, line, "tags (!name) are not supported: write the value alone"};
    }
    if (++nodes_ > yaml_nodes_max) {
      throw Refused{ErrorCode::too_large, line, fmt::format("more than {} values", yaml_nodes_max)};
    }
    YamlNode node;
    node.type = type;
    node.line = line;
    return node;
  }

  void open(YamlNode node) {
    if (stack_.size() >= yaml_depth_max) {
      throw Refused{ErrorCode::too_large, node.line,
                    fmt::format("nested deeper than {} levels", yaml_depth_max)};
    }
    stack_.push_back({std::move(node), {}, {}});
  }

  void close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    take(std::move(node));
  }

  void take(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.type == YamlType::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      take_key(parent, std::move(node));
    } else {
      // The parser's mark of a missing value is where it noticed.
      if (node.type == YamlType::null) node.line = parent.key->line;
      parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
      parent.key.reset();
    }
  }

  static void take_key(Open& parent, YamlNode key) {
    if (key.type != YamlType::scalar) {
      throw Refused{ErrorCode::bad_input, key.line, "a key must be a word"};
    }
    if (!parent.seen.insert(key.scalar).second) {
      const YamlNode& first =
          std::find_if(parent.node.entries.begin(), parent.node.entries.end(), [&](const auto& entry) {
            return entry.key.scalar == key.scalar;
          })->key;
      throw Refused{
          ErrorCode::bad_input, key.line,
          fmt::format("key {} stands twice: it is in line {} already", quoted(key.scalar), first.line)};
    }
    parent.key = std::move(key);
  }

  std::vector<Open> stack_;
  YamlNode root_;
  std::size_t nodes_ = 0;
};

// What the parser must not be given. YAML 1.2 forbids control characters anyway (5.1, c-printable).
void check_bytes(std::string_view text) {
  if (text.size() > yaml_bytes_max) {
    throw Refused{ErrorCode::too_large, 1,
                  fmt::format("{} bytes, the limit is {}", text.size(), yaml_bytes_max)};
  }
  if (!is_utf8(text)) throw Refused{ErrorCode::bad_input, 1, "not UTF-8 text"};
  unsigned line = 1;
  std::size_t brackets = 0;
  for (const char c : text) {
    if (c == '\n') ++line;
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F) {
      throw Refused{ErrorCode::bad_input, line, fmt::format("control character 0x{:02x}", unsigned{byte})};
    }
    if ((c == '[' || c == '{') && ++brackets > yaml_nodes_max) {
      throw Refused{ErrorCode::too_large, line, fmt::format("more than {} brackets", yaml_nodes_max)};
    }
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.scalar == key) return &value;
  }
  return nullptr;
}

Result<YamlNode> parse_yaml(std::string_view text, const std::string& file) {
  const auto refuse = [&](ErrorCode code, unsigned line, std::string_view what) {
    return fail(code, fmt::format("{}:{}: {}", file, line, what));
  };
  try {
    check_bytes(text);
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    Builder second;
    if (parser.HandleNextDocument(second)) {
      return refuse(ErrorCode::bad_input, 1, "more than one document: keep one, without a second \"---\"");
    }
    return std::move(builder).root();
  } catch (const Refused& refused) {
    return refuse(refused.code, refused.line, refused.what);
  } catch (const YAML::Exception& error) {
    const unsigned line = error.mark.line < 0 ? 1u : unsigned(error.mark.line) + 1;
    return refuse(ErrorCode::bad_input, line, "not YAML: " + sanitize_utf8(truncate_utf8(error.msg, 120)));
  } catch (const std::exception&) {
    // Out of memory, or something that yaml-cpp meant for its own use. Its text helps nobody.
    return refuse(ErrorCode::bad_input, 1, "not YAML: the parser gave up");
  }
}

}  // namespace fanlight::policy
