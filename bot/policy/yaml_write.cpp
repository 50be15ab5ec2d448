// A node back to text, in flow style. Lines are kept by starting new ones, so that whoever reads the text
// names the lines of the file.
#include <fmt/format.h>

#include "fanlight/policy/yaml.hpp"

namespace fanlight::policy {

namespace {

class Writer {
 public:
  void write(const YamlNode& node) {
    go_to(node.line);
    switch (node.type) {
      case YamlType::null:
        out_ += '~';
        break;
      case YamlType::scalar:
        scalar(node.scalar);
        break;
      case YamlType::sequence:
        out_ += '[';
        for (const YamlNode& item : node.items) {
          write(item);
          out_ += ", ";
        }
        out_ += ']';
        break;
      case YamlType::mapping:
        out_ += '{';
        for (const YamlEntry& entry : node.entries) {
          write(entry.key);
          out_ += ": ";
          write(entry.value);
          out_ += ", ";
        }
        out_ += '}';
        break;
    }
  }

  std::string text() && { return std::move(out_) + '\n'; }

 private:
  // A node of a collection may be marked with the line of what is before it; lines only grow.
  void go_to(unsigned line) {
    for (; line_ < line; ++line_) out_ += '\n';
  }

  void scalar(const std::string& text) {
    out_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (byte < 0x20 || byte == 0x7F) {
        out_ += fmt::format("\\x{:02x}", byte);
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string out_;
  unsigned line_ = 1;
};

}  // namespace

std::string yaml_text(const YamlNode& node) {
  Writer writer;
  writer.write(node);
  return std::move(writer).text();
}

}  // namespace fanlight::policy
