#!/usr/bin/env bash
# A repository that was there before: its baseline, the ignores of other tools, its own rules, what it has for
# other scanners, its hook and its CI lines.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD binary=${FANLIGHT:-}
for candidate in .build/asan .build/release .build/quick; do
  if [ -z "$binary" ] && [ -x "$candidate/bin/fanlight" ]; then binary=$PWD/$candidate/bin/fanlight; fi
done
[ -n "$binary" ] || { echo "no fanlight is built: tests/run asan, or deploy/run review"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$binary" "$work/bin/fanlight"
export PATH=$work/bin:$PATH GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org \
  GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
unset FANLIGHT_KEY

# expect CODE WHAT COMMAND…: the exit code; the output is in $work/out.
expect() {
  local code=$1 what=$2 status=0
  shift 2
  "$@" >"$work/out" 2>&1 || status=$?
  [ "$status" = "$code" ] || { echo "$what: exit code $status, not $code"; cat "$work/out"; exit 1; }
}
says() { grep -qF -- "$1" "$work/out" || { echo "not said: $1"; cat "$work/out"; exit 1; }; }
password() { printf 'q7%sZ' "$(od -An -tx1 -N12 /dev/urandom | tr -d ' \n')"; }
leak() { printf 'url = "postgres://app:%s@db.example.org/app"\n' "$1"; }

git init -q -b main "$work/repository"
cd "$work/repository"
old=$(password) new=$(password)
leak "$old" >old.tf
git add . && git commit -qm one

# Baseline: what was there decides nothing, what comes does, what is mended is told and pruned.
expect 0 "create" fanlight baseline create --baseline .fanlight-baseline
if grep -qF "$old" .fanlight-baseline; then echo "the baseline holds the secret"; exit 1; fi
printf 'version: 1\nbaseline: .fanlight-baseline\n' >.fanlight.yml
expect 0 "known" fanlight scan
printf 'version: 1\n' >"$work/plain.yml"
expect 0 "known, by an option" fanlight scan --policy "$work/plain.yml" --baseline .fanlight-baseline
leak "$new" >new.tf
expect 1 "a new secret" fanlight scan
leak "$new" >old.tf
expect 1 "another secret in its place" fanlight scan
says "fits nothing any more"
expect 1 "another key" env FANLIGHT_KEY=another fanlight scan
says "made with another key"
expect 0 "prune" fanlight baseline prune
says "1 entries taken out, 0 stay"
rm .fanlight.yml .fanlight-baseline new.tf

# Ignores of other tools: only when the policy says so, only what they name.
printf '.\n' >.keep
leak "$old" >old.tf
printf 'old.tf:generic-api-key:1\n' >.gitleaksignore
expect 1 "not honoured" fanlight scan
printf 'version: 1\nhonour_other_tools: true\n' >.fanlight.yml
expect 0 "honoured" fanlight scan
sed -i '1i # a line more' old.tf
expect 1 "another line" fanlight scan
says "accepts nothing any more"
rm .gitleaksignore
printf '[allowlist]\npaths = ["^old"]\n' >.gitleaks.toml
expect 0 "by path" fanlight scan
printf '[allowlist]\npaths = ["("]\n' >.gitleaks.toml
expect 1 "a pattern that is none" fanlight scan
says ".gitleaks.toml:2: pattern: missing )"
rm .gitleaks.toml
hash=$(printf %s "$old" | sha1sum | cut -c1-40)
printf '{"results": {"old.tf": [{"type": "Basic Auth Credentials", "hashed_secret": "%s", "line_number": 9}]}}' "$hash" >.secrets.baseline
expect 0 "known to detect-secrets" fanlight scan
leak "$new" >old.tf
expect 1 "another secret in a known file" fanlight scan
rm .secrets.baseline .fanlight.yml

# Import: the policy that comes out is one, and its rule finds.
cat >gitleaks.toml <<'TOML'
[extend]
useDefault = true
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''acme_[0-9a-z]{20}'''
keywords = ["acme_"]
[allowlist]
paths = ['''^old''']
TOML
expect 0 "import" fanlight import gitleaks gitleaks.toml --output .fanlight.yml
says "1 rules and 1 allow-lists taken over, 1 things not"
printf 't = acme_%s\n' k3j4h5g6f7d8s9a0q1w2 >acme.tf
expect 1 "an imported rule" fanlight scan
says "acme-token"
if grep -q "1 to fix" "$work/out"; then :; else echo "the imported allow-list accepts nothing"; cat "$work/out"; exit 1; fi
rm .fanlight.yml acme.tf gitleaks.toml

# The hook's and the CI's own lines.
git checkout -q -- . && git clean -fdq
git checkout -qb topic
leak "$(password)" >topic.tf
git add topic.tf
line=$(sed -n 's/^ *entry: //p' "$root/.pre-commit-hooks.yaml")
expect 1 "the hook" bash -c "$line"
git commit -qm two
for file in github gitlab gitea; do
  sed -n 's/^ *- \(run: \)\{0,1\}\(fanlight scan .*\)/\2/p' "$root/deploy/ci/$file.yml" >"$work/lines"
  [ -s "$work/lines" ] || { echo "$file: no line"; exit 1; }
  while read -r line; do
    code=1
    case $line in *"--fail-on never"*) code=0 ;; esac
    expect "$code" "$file: $line" env RANGE=main..HEAD bash -c "$line" </dev/null
  done <"$work/lines"
done
for report in fanlight.sarif gl-secret-detection-report.json gl-code-quality-report.json fanlight-junit.xml; do
  grep -q topic.tf "$report" || { echo "$report: does not name the file"; exit 1; }
done

# Completion knows commands, options and words.
fanlight completion bash >"$work/completion"
complete_bash() {
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fanlight; printf "%s\n" "${COMPREPLY[@]}"' - "$work/completion" "$@"
}
[ "$(complete_bash fanlight base)" = baseline ] || { echo "completion: no command"; exit 1; }
[ "$(complete_bash fanlight baseline pr)" = prune ] || { echo "completion: no subcommand"; exit 1; }
[ "$(complete_bash fanlight scan --format sar)" = sarif ] || { echo "completion: no word of an option"; exit 1; }
# Read to its end: a grep that has found its line and goes would break the pipe.
complete_bash fanlight scan --st >"$work/options"
grep -qx -- --staged "$work/options" || { echo "completion: no option"; exit 1; }
if command -v zsh >/dev/null; then fanlight completion zsh | zsh -n; fi
if command -v fish >/dev/null; then fanlight completion fish | fish --no-execute; fi
