#!/usr/bin/env bash
# The real program against the fake GitHub behind the checking proxy: signed webhooks in; reviews, checks and answers
# out; killed in the middle, nothing is lost and nothing is there twice. What is checked is in github.mjs.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${FANLIGHT:-}
for candidate in .build/asan .build/release; do
  if [ -z "$binary" ] && [ -x "$candidate/bin/fanlight" ]; then binary=$PWD/$candidate/bin/fanlight; fi
done
[ -n "$binary" ] || { echo "no fanlight is built: tests/run asan, or deploy/run review"; exit 1; }
exec tests/contract/run node "$PWD/tests/e2e/github.mjs" "$binary"
