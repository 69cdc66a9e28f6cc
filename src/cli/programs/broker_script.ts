/**
 * The shell script of the broker, which runs the programs that a plan names once this program may run none.
 *
 * @module
 */

import { quotePosix } from "../../output/shell.ts";
import type { CommandLine } from "../../system.ts";

/** How much of a program's output is passed on, in bytes. One more byte says that there was more. */
export const mostOutputBytes = 65_536;

/**
 * First reads the table: lines that begin with `=`, up to a line `ready`. After that line no program can be added.
 *
 * Then reads requests, one a line: `run RUN ROW [ERRORS [INPUT]]`, `stop RUN`, `over RUN`. A request that is no verb with
 * decimal numbers does nothing. ERRORS is `merged` where standard error is read with standard output, INPUT what the
 * program reads, each byte as a backslash and three octal digits: only the shell itself writes it, by a built-in command,
 * so that it stands in no process's arguments and in no file. Prints, one a line, `RUN HEX…` for what a program prints and `RUN end STATUS` when it has ended and
 * nothing holds its output open any longer; the status is its exit code, or `missing`, `folder` or `denied`. What a
 * program prints cannot look like such a line, since it is written in hexadecimal.
 *
 * `$1` is `tty` where programs may read from the terminal. Signals from the terminal are for this program: a run ends
 * by `stop`, or with the standard input of the broker, which closes when this program dies, however it dies.
 */
export const brokerScript = `
trap '' HUP INT QUIT TERM PIPE
set -f
tools=/usr/bin:/bin:$PATH
newline='
'
exec 3>&1 6>&2 2>/dev/null
if [ "$1" = tty ] && (: </dev/tty); then exec 5</dev/tty; else exec 5</dev/null; fi
fault() { echo "$1" >&4; exit 127; }
launch() {
  file=$1
  case $1 in */*) ;; *) find_in_path "$1" ;; esac
  [ -n "$file" ] && [ -e "$file" ] || fault missing
  [ ! -d "$file" ] || fault folder
  [ -x "$file" ] || fault denied
  exec "$@" <&5 2>&"$errors" 3>&- 4>&- 5<&- 6>&-
}
find_in_path() {
  file= denied= old=$IFS IFS=:
  for folder in $PATH; do
    file=\${folder:-.}/$1
    [ ! -f "$file" ] || [ ! -x "$file" ] || break
    [ ! -f "$file" ] || denied=$file
    file=
  done
  IFS=$old file=\${file:-$denied}
}
relay() { while read -r line; do printf '%s %s\\n' "$1" "$line" >&3; done; }
feed() {
  if [ -z "$2" ]; then program "$1"; else printf "$2" | { exec 5<&0; program "$1"; }; fi
}
job() {
  errors=6
  [ "$3" != merged ] || errors=1
  status=$({
    { (trap - HUP TERM PIPE; feed "$2" "$4"); echo $? >&4; } |
      PATH=$tools od -An -v -tx1 -N ${mostOutputBytes + 1} 4>&- | relay "$1" 4>&-
  } 4>&1)
  printf '%s end %s\\n' "$1" "\${status%%[!0-9a-z]*}" >&3
}
parents() {
  PATH=$tools ps -A -o pid= -o ppid= && return
  set +f
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue
    set -- \${line##*) }
    stat=\${stat#/proc/}
    echo "\${stat%/stat} $2"
  done
}
tree() {
  found=$1
  while [ -n "$found" ]; do
    printf '%s\\n' $found
    found=$(printf '%s\\n' "$2" | while read -r pid parent; do
      for one in $found; do [ "$one" != "$parent" ] || echo "$pid"; done
    done)
  done
}
stop() {
  pids=$(tree "$1" "$(parents)")
  kill -TERM $pids
  { PATH=$tools sleep 1; kill -KILL $pids; } >/dev/null 3>&- 6>&- &
}
take() {
  taken= rest=
  for one in $running; do
    case $one in "$1":*) taken=\${one#*:} ;; *) rest="$rest $one" ;; esac
  done
  running=$rest
  [ -n "$taken" ]
}
table= running=
while IFS= read -r line && [ "$line" != ready ]; do table=$table\${line#=}$newline; done
eval "program() { case \\$1 in $table *) fault missing ;; esac; }"
while read -r verb run row merged input; do
  case $run in '' | *[!0-9]*) continue ;; esac
  case $input in *[!0-7\\\\]*) continue ;; esac
  case $verb in
    run) case $row in '' | *[!0-9]*) ;; *) job "$run" "$row" "$merged" "$input" & running="$running $run:$!" ;; esac ;;
    stop) take "$run" && stop "$taken" ;;
    over) take "$run" && wait "$taken" ;;
  esac
done
for one in $running; do stop "\${one#*:}"; done
`;

/** What a program reads, as a request says it. */
export function formatInput(input: string): string {
  const bytes = new TextEncoder().encode(input);
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** The table as the script reads it: what each row sets in the environment, and the program that it runs. */
export function formatTable(lines: readonly CommandLine[]): string {
  const rows = lines.map(({ words, env }, row) => {
    const set = Object.entries(env).map(([name, value]) => `export ${name}=${quotePosix(value)}; `);
    return `${row}) ${set.join("")}launch ${words.map(quotePosix).join(" ")} ;;`;
  });
  const text = rows.join("\n").split("\n").map((line) => `=${line}\n`).join("");
  return `${rows.length === 0 ? "" : text}ready\n`;
}
