#include "fanlight/app/parsers.hpp"

#include "fanlight/detect/diff_parser.hpp"

namespace fanlight::app {

host::DiffParser diff_parser() {
  host::DiffParser out;
  out.diff = [](std::string text) { return detect::parse_diff(std::move(text)); };
  out.hunks = [](std::shared_ptr<const std::string> text, std::string_view path) {
    return detect::parse_hunks(text, path);
  };
  return out;
}

}  // namespace fanlight::app
