#!/usr/bin/env bash
# Plain git with the real program: a push that leaks is refused before it is in, a clean one passes and is noted, over
# a Unix socket; a bot that is down is said, and --when-down decides.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
binary=${FANLIGHT:-}
for candidate in .build/asan .build/release; do
  if [ -z "$binary" ] && [ -x "$candidate/bin/fanlight" ]; then binary=$root/$candidate/bin/fanlight; fi
done
[ -n "$binary" ] || { echo "no fanlight is built: tests/run asan, or deploy/run review"; exit 1; }
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org \
  GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

work=$(mktemp -d)
bot=
stop_bot() { if [ -n "$bot" ]; then kill "$bot" && wait "$bot" || true; bot=; fi; }
trap 'stop_bot; rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; tail -n 20 "$work"/*.log 2>/dev/null || true; exit 1; }
# expect WHAT PATTERN FILE
expect() { grep -qE "$2" "$3" || { cat "$3"; fail "$1: no \"$2\""; }; }

start_bot() {
  "$binary" serve --config "$work/fanlight.yaml" >"$work/serve.out" 2>>"$work/serve.log" &
  bot=$!
  for _ in $(seq 600); do
    if grep -q '^listening on ' "$work/serve.out"; then return 0; fi
    kill -0 "$bot" 2>/dev/null || fail "the bot did not start"
    sleep 0.1
  done
  fail "the bot did not start within 60 s"
}

mkdir -p "$work/git/team" "$work/data"
git init -q --bare "$work/git/team/infra.git"
git -C "$work/git/team/infra.git" symbolic-ref HEAD refs/heads/main
cp -r deploy/demo/infra "$work/clone"
cd "$work/clone"
git init -q && git checkout -q -b main && git add -A && git commit -qm first
git remote add origin "$work/git/team/infra.git" && git push -q origin main

cat >"$work/fanlight.yaml" <<YAML
listen: unix:$work/bot.sock
public_url: http://127.0.0.1:8095
data_dir: $work/data
log: {level: info}
git: {root: $work/git, hook_secret: {file: $work/hook-secret}}
YAML
install_hook() {
  "$binary" hook install --repo "$work/git/team/infra.git" --url "unix:$work/bot.sock" \
    --secret-file "$work/hook-secret" --enforce "$@"
}
install_hook --when-down refuse
start_bot
in_repository() { git -C "$work/git/team/infra.git" "$@"; }

git checkout -q -b topic/new-service
"$root/deploy/demo/leak.sh" "$work/clone"
if git push -q origin topic/new-service 2>"$work/push.txt"; then fail "a push that leaks was accepted"; fi
expect "refused push" 'remote: .*fix' "$work/push.txt"
expect "refused push" 'The push was refused' "$work/push.txt"
if in_repository rev-parse -q --verify refs/heads/topic/new-service >/dev/null; then fail "the refused branch is there"; fi

# A clean branch passes; the second hook's review leaves a note, which comes after the push.
git checkout -q -b topic/clean main
sed -i 's/4m/8m/' roles/web/defaults/main.yml
git commit -qam "web: larger bodies"
git push -q origin topic/clean 2>"$work/push.txt" || { cat "$work/push.txt"; fail "a clean push was refused"; }
expect "clean push" 'remote: .*Nothing to fix' "$work/push.txt"
for _ in $(seq 300); do
  if in_repository notes --ref=fanlight show topic/clean >"$work/note.txt" 2>/dev/null; then break; fi
  sleep 0.1
done
expect "note of the clean push" 'Nothing to fix' "$work/note.txt"

# Pushed in one go, each reference is named.
git branch topic/other main
if git push -q origin topic/other topic/new-service 2>"$work/push.txt"; then fail "a push of two that leaks was accepted"; fi
expect "push of two" 'remote: refs/heads/topic/new-service:' "$work/push.txt"

# Nobody there.
stop_bot
git checkout -q -b topic/down main
git commit -q --allow-empty -m nothing
if git push -q origin topic/down 2>"$work/push.txt"; then fail "accepted although the bot is down and --when-down refuse"; fi
expect "bot down" 'remote: fanlight: .*the push is refused' "$work/push.txt"
install_hook --when-down allow
git push -q origin topic/down 2>"$work/push.txt" || fail "refused although --when-down allow"
expect "bot down" 'remote: fanlight: .*pushed without' "$work/push.txt"

# The same engine on the command line: a bare repository, a work tree, what is staged.
for where in "$work/git/team/infra.git:main..topic/clean:0" "$work/clone:main..topic/new-service:1"; do
  IFS=: read -r repository range wanted <<<"$where"
  status=0
  "$binary" review --repo "$repository" "$range" --format json >"$work/review.json" 2>"$work/review.log" || status=$?
  [ "$status" = "$wanted" ] || fail "review $range: exit code $status instead of $wanted"
  expect "review $range" '"schema": ?1' "$work/review.json"
done
git checkout -q main
printf 'peer = "10.61.4.12"\n' >>modules/network/main.tf
git add -A
status=0
"$binary" scan --staged >"$work/staged.txt" 2>&1 || status=$?
[ "$status" = 1 ] || { cat "$work/staged.txt"; fail "scan --staged: exit code $status instead of 1"; }
expect "scan --staged" 'modules/network/main.tf:[0-9]+:[0-9]+ .*rfc1918-host-or-cidr' "$work/staged.txt"
echo "plain git: refused, passed, named, down, and the command line agrees"
