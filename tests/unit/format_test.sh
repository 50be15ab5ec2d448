#!/usr/bin/env bash
# Every C++ file as .clang-format lays it out. Mend with: git ls-files '*.?pp' | xargs clang-format-19 -i
set -euo pipefail
cd "$(dirname "$0")/../.."
git ls-files -z '*.cpp' '*.hpp' | xargs -0 -P 2 -n 40 clang-format-19 --dry-run -Werror
