#!/usr/bin/env bash
# `deploy/run --once` as somebody runs it who has just cloned: it builds, pushes, and its review is right.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=$(deploy/run --once 2>&1) || { printf '%s\n' "$output"; exit 1; }
printf '%s\n' "$output"
for wanted in 'remote: .*fix' 'Verdict: fail' 'its page: http://127.0.0.1:[0-9]*/reviews/'; do
  grep -qE "$wanted" <<<"$output" || { echo "not in the output: $wanted"; exit 1; }
done
