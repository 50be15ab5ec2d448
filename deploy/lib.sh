# What deploy/run and tests/run share: one voice, the packages, a build. Sourced by bash, not run.

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# as_root COMMAND…: with sudo unless we are root already.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }
is_known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# Prints which packages of FILE… are missing. Of a line "a | b" one is enough; when none is there, the first that
# apt knows.
missing_packages() {
  local line name choice
  cat "$@" | while read -r line; do
    case $line in '' | '#'*) continue ;; esac
    choice=
    for name in ${line//|/ }; do
      if is_installed "$name"; then choice=; continue 2; fi
      if [ -z "$choice" ] && is_known "$name"; then choice=$name; fi
    done
    # npm comes with nodejs on machines that have it from elsewhere.
    case $line in nodejs) if command -v node >/dev/null; then continue; fi ;; npm | curl | ccache) if command -v "$line" >/dev/null; then continue; fi ;; esac
    printf '%s\n' "${choice:-${line%% *}}"
  done
}

# install_packages FILE…: what is missing of them; says what it does, changes nothing else.
install_packages() {
  command -v apt-get >/dev/null ||
    die "needs Debian 12 or newer: there is no apt-get here; the packages are listed in deploy/packages.txt"
  local missing
  missing=$(missing_packages "$@")
  if [ -z "$missing" ]; then return 0; fi
  # A fresh machine knows no packages before its first update; then ask again, now that alternatives are known.
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    die "packages are missing and you are not root, without sudo; as root: apt-get install $(echo $missing)"
  fi
  say "packages: reading the lists"
  as_root apt-get update -qq >/dev/null || say "packages: the lists could not be read again, going on with what is known"
  missing=$(missing_packages "$@")
  say "packages: installing" $missing
  # shellcheck disable=SC2086  # one word per package
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"${TMPDIR:-/tmp}/fanlight-apt.$$" 2>&1 || {
    tail -n 3 "${TMPDIR:-/tmp}/fanlight-apt.$$" >&2
    die "packages: apt-get install failed: see the lines above"
  }
  rm -f "${TMPDIR:-/tmp}/fanlight-apt.$$"
}

# The grammars' C sources (deploy/grammars), fetched again when their lock changes. No script of theirs is run.
install_grammars() {
  local dir=$root/deploy/grammars log
  if [ -e "$dir/node_modules/.fetched" ] && cmp -s "$dir/package-lock.json" "$dir/node_modules/.fetched"; then return 0; fi
  command -v npm >/dev/null || die "needs npm for the grammars: apt-get install nodejs npm"
  say "grammars: fetching"
  log=$(mktemp)
  (cd "$dir" && npm ci --ignore-scripts >"$log" 2>&1) || {
    tail -n 5 "$log" >&2
    die "grammars: npm ci failed in deploy/grammars: see the lines above"
  }
  rm -f "$log"
  cp "$dir/package-lock.json" "$dir/node_modules/.fetched"
}

# As many compilers as there are cores, and no more than memory has room for (2 GB each).
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 2000000) }' /proc/meminfo)
  if [ "${memory:-1}" -lt 1 ]; then memory=1; fi
  if [ "$cores" -lt "$memory" ]; then echo "$cores"; else echo "$memory"; fi
}

# build_in DIR TARGETS CMAKE-OPTION…: configures when needed and builds; quiet unless it fails. TARGETS: "all" or names.
build_in() {
  local dir=$1 targets=$2 log=$1/build.log begun=$SECONDS
  shift 2
  install_grammars
  mkdir -p "$dir"
  cmake -S "$root" -B "$dir" -G Ninja -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 "$@" >"$log" 2>&1 || {
    grep -A 5 'CMake Error' "$log" | head -n 20 >&2 || true
    die "configuring $dir failed: the whole output is in $log"
  }
  # shellcheck disable=SC2086  # one word per target
  CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$root ninja -C "$dir" -j "$(build_jobs)" $targets >>"$log" 2>&1 || {
    grep -E -A 8 '(error:|FAILED:|Error )' "$log" | head -n 40 >&2 || true
    die "building in $dir failed: the whole output is in $log"
  }
  say "built ${dir#"$root"/} in $((SECONDS - begun)) s"
}
