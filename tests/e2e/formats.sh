#!/usr/bin/env bash
# What the program prints in each format holds against the published schemas, and never holds the secret.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${FANLIGHT:-}
for candidate in .build/asan .build/release .build/quick; do
  if [ -z "$binary" ] && [ -x "$candidate/bin/fanlight" ]; then binary=$PWD/$candidate/bin/fanlight; fi
done
[ -n "$binary" ] || { echo "no fanlight is built: tests/run asan, or deploy/run review"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
formats=$PWD/tests/formats
if [ ! -e "$formats/node_modules/.package-lock.json" ] || [ "$formats/package-lock.json" -nt "$formats/node_modules/.package-lock.json" ]; then
  (cd "$formats" && npm ci --ignore-scripts >"$work/npm.log" 2>&1) || { tail -n 5 "$work/npm.log"; exit 1; }
fi

# A password that is made up anew each time, in files whose names are hard on every format.
password="q7$(od -An -tx1 -N12 /dev/urandom | tr -d ' \n')Z"
repository=$work/repository
mkdir -p "$repository/a \"quoted\" & <tagged>" "$repository/=formula"
for folder in "a \"quoted\" & <tagged>" "=formula"; do
  printf 'db_url = "postgres://app:%s@db.example.org/app"\n' "$password" >"$repository/$folder/näme, 100%.tf"
done
printf 'url = "postgres://app:%s@db.example.org/app" # fanlight:allow postgres-connection-string made up for this test\n' "accepted$password" >"$repository/accepted.tf"
cd "$repository"
for format in text json jsonl sarif junit gitlab gitlab-codequality github csv markdown; do
  status=0
  "$binary" scan --format "$format" --output "$work/report.$format" || status=$?
  [ "$status" = 1 ] || { echo "$format: exit code $status"; exit 1; }
  if grep -qF "$password" "$work/report.$format"; then echo "$format: holds the secret"; exit 1; fi
  node "$formats/validate.mjs" "$format" "$work/report.$format"
done
grep -q '"justification": "made up for this test"' "$work/report.sarif" || { echo "sarif: no suppression"; exit 1; }
# Standard input by its usual name; a reader that has seen enough gets no complaint.
status=0
cat accepted.tf | sed 's/ #.*//' | "$binary" scan - >"$work/input" || status=$?
[ "$status" = 1 ] && grep -q 'postgres-connection-string' "$work/input" || { echo "scan -: exit code $status"; exit 1; }
{ "$binary" rules list 2>"$work/complaint" || true; } | head -n 1 >/dev/null
[ ! -s "$work/complaint" ] || { cat "$work/complaint"; exit 1; }
# The same input gives the same fingerprints, wherever a line stands.
fingerprints() { grep -o '"fanlight/v1": "[0-9a-f]*"' "$1" | sort; }
for file in */*.tf; do sed -i '1i # a line more' "$file"; done
"$binary" scan --format sarif --output "$work/again.sarif" || true
[ "$(fingerprints "$work/report.sarif")" = "$(fingerprints "$work/again.sarif")" ] || { echo "sarif: fingerprints know lines"; exit 1; }
