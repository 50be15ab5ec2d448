// A git diff put together from the list of files that GitHub gives when it will not give the diff itself, so
// that one parser and one set of views serve both. Pure.
#pragma once

#include <string>
#include <string_view>

#include "github/decode.hpp"

namespace fanlight::host::github {

// One file's part of a diff. `hunks` is GitHub's patch or what unified_hunks made; with `binary` there are
// none.
std::string synthesize_file(const FileItem& item, std::string_view hunks, bool binary);
// The hunks from `before` to `after` as text, without file headers; empty for equal texts.
std::string unified_hunks(std::string_view before, std::string_view after);

}  // namespace fanlight::host::github
