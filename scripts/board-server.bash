# The server of docs/room-types.md, as it stands there but on any free port, for the tests of typed clients. Prints where its
# schema is. Needs a built server: the one that ROOMCAST_JAR names, or that ./roomcast has made.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$root/scripts/machine.bash"
find_jdk

server=
folder=$(mktemp -d)
# shellcheck disable=SC2016 # these are no substitutions
sed -n '/^```java$/,/^```$/{/^```/d;p;}' "$root/docs/room-types.md" | sed 's/port(8080)/port(0)/' > "$folder/Board.java"
# The folder goes with the shell, so this waits for its child and ends it.
trap '[ -z "$server" ] || kill "$server" 2> /dev/null; rm -r "$folder"' EXIT
trap 'exit 143' TERM
"$JAVA_HOME/bin/java" -cp "${ROOMCAST_JAR:-$root/target/roomcast.jar}" "$folder/Board.java" &
server=$!
wait "$server"
