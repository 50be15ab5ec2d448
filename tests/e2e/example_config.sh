#!/usr/bin/env bash
# deploy/fanlight.example.yaml is right and whole: with everything switched on the program accepts it, and every key of
# the program's own table stands in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${FANLIGHT:-}
for candidate in .build/asan .build/release; do
  if [ -z "$binary" ] && [ -x "$candidate/bin/fanlight" ]; then binary=$candidate/bin/fanlight; fi
done
[ -n "$binary" ] || { echo "no fanlight is built: tests/run asan, or deploy/run review"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "# key: value" becomes a setting, sentences stay comments; every secret is one file.
printf 'made up for this test, long enough\n' >"$work/secret"
printf '[]\n' >"$work/rules.yaml"
sed -E -e 's/^# ((  )*[a-z_]+:( .*)?)$/\1/' -e "s|/etc/fanlight/rules.yaml|$work/rules.yaml|; s|\{file: [^}]*\}|{file: $work/secret}|; s|\{env: [^}]*\}|{file: $work/secret}|" \
  deploy/fanlight.example.yaml >"$work/all.yaml"
grep -q '^github:' "$work/all.yaml" || { echo "nothing was switched on"; exit 1; }
# One way to authenticate at a time.
grep -v '^  token:' "$work/all.yaml" >"$work/app.yaml"
"$binary" config check "$work/app.yaml"

sed -E -e "s|\{file: [^}]*\}|{file: $work/secret}|" deploy/fanlight.example.yaml >"$work/as_is.yaml"
"$binary" config check "$work/as_is.yaml"

# Keys of the schema, without those of the policy (which `config schema --policy` explains) and of a secret.
"$binary" config schema >"$work/schema.json"
missing=0
keys=$(grep -oE '"[a-z_]+": ?\{' "$work/schema.json" | grep -oE '[a-z_]+' | sort -u)
[ "$(wc -w <<<"$keys")" -gt 30 ] || { echo "the schema has too few keys to be it"; exit 1; }
for key in $keys; do
  case $key in properties | items | env | file) continue ;; esac
  grep -qE "(^|[ #{])$key:" deploy/fanlight.example.yaml || { echo "not in deploy/fanlight.example.yaml: $key"; missing=1; }
done
exit "$missing"
