// Keys that say what their value is, in every format. Shared by the tree's answer and the lines'.
#pragma once

#include <string_view>

namespace fanlight::coupling {

bool is_description_key(std::string_view key);  // any case
bool is_label_key(std::string_view key);        // any case
bool is_default_key(std::string_view key);
// A file of defaults that is part of shared code: a role's defaults, a chart's values.yaml.
bool is_default_file(std::string_view path);

}  // namespace fanlight::coupling
