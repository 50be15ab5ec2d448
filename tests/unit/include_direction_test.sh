#!/usr/bin/env bash
# Reads the includes of every box: the arrow of the table in README.md goes down only, the pure boxes know no I/O, and
# Beast and SSL stand in three files. CMake links by the same table; this catches a header that needs no linking.
set -euo pipefail
cd "$(dirname "$0")/../.."

# box: the boxes that it may include beside itself.
declare -A may=(
  [core]=""
  [model]="core"
  [detect]="model core"
  [coupling]="detect model core"
  [policy]="model core"
  [net]="core"
  [store]="model core"
  [host]="model net core"
  [app]="host store policy coupling detect model net core"
  [cli]="app host store policy coupling detect model net core"
)
pure="detect coupling policy model"
bad=0
complain() { echo "$*"; bad=$((bad + 1)); }

for folder in bot/*/ include/fanlight/*/; do
  box=$(basename "$folder")
  if [ -z "${may[$box]+known}" ]; then complain "$folder: no box of that name in the table"; continue; fi
  allowed=" $box ${may[$box]} "
  while IFS=: read -r file line text; do
    other=$(sed -E 's/.*#include "fanlight\/([a-z_]+)\/.*/\1/' <<<"$text")
    case $allowed in *" $other "*) ;; *) complain "$file:$line: $box may not include $other" ;; esac
  done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include "fanlight/' "$folder" --include='*.?pp' || true)
  # Private headers are included by a path below the own box; a path upwards could reach any other.
  while IFS=: read -r file line text; do
    complain "$file:$line: includes a path upwards:$text"
  done < <(grep -rnE '#[[:space:]]*include "[^"]*\.\./' "$folder" --include='*.?pp' || true)
done

for box in $pure; do
  while IFS=: read -r file line text; do
    complain "$file:$line: $box is pure:$text"
  done < <(grep -rnE '#[[:space:]]*include [<"](boost/(asio|beast)|spdlog|sqlite3|sys/socket|openssl/ssl|fanlight/core/(task|log|files)\.hpp)' \
    bot/"$box" include/fanlight/"$box" --include='*.?pp' | grep -v '/rulec\.cpp:' || true)
done

# Nothing outside net, and in net three files, pays for compiling them. core/asio.cpp holds Asio's own SSL parts.
beast_max=3
beast=$(grep -rlE '#[[:space:]]*include <(boost/beast|boost/asio/ssl|openssl/ssl)' bot include --include='*.?pp' || true)
for file in $beast; do
  case $file in bot/net/* | bot/core/asio.cpp) ;; *) complain "$file: Beast and SSL are net's business" ;; esac
done
units=$(grep -cE '^bot/net/.*\.cpp$' <<<"$beast" || true)
if [ "$units" -gt "$beast_max" ]; then
  complain "Beast or SSL is included by $units files of bot/net, at most $beast_max:" $beast
fi
# No Beast type is seen outside net either.
while read -r file; do complain "$file: a public header includes Beast or SSL"; done \
  < <(grep -rlE '#[[:space:]]*include <(boost/beast|boost/asio/ssl|openssl/ssl)' include --include='*.hpp' || true)

if [ "$bad" != 0 ]; then echo "$bad includes against the table"; exit 1; fi
echo "every include goes down"
