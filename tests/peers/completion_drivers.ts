/**
 * Real shells that complete command lines while a test looks on.
 *
 * @module
 */

import { completionShells, formatCompletion } from "../../src/cli/help/completion/completion.ts";
import { commands } from "../../src/cli/commands.ts";

/** What a shell offers for each of the lines, in its order, and how long the last line took. */
export interface Completed {
  readonly offers: readonly (readonly string[])[];
  /** Milliseconds, of the quickest of five runs. */
  readonly quickest: number;
}

/** A shell, and the program for it that completes each of its arguments. */
export interface CompletionDriver {
  readonly shell: string;
  /** What the shell is called as a program, where that is another name. */
  readonly command?: string;
  readonly program: string;
}

/** Asks a shell to complete each line in a home. */
export async function complete(
  { shell, command = shell, program }: CompletionDriver,
  home: string,
  lines: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Completed> {
  const record = completionShells.find(({ name }) => name === shell);
  if (record === undefined) throw new Error(`no completion for ${shell}`);
  const script = `${home}/${record.fileName}`;
  await Deno.writeTextFile(script, formatCompletion(record, await commands.all()));
  await Deno.writeTextFile(`${home}/driver`, program);
  const { stdout, stderr, success } = await new Deno.Command(command, {
    args: [`${home}/driver`, script, ...lines],
    cwd: home,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home, LC_ALL: "C.UTF-8", TERM: "dumb", ...env },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success || stderr.length > 0) throw new Error(new TextDecoder().decode(stderr) || text);
  const parts = text.split("=end\n");
  return {
    offers: parts.slice(0, -1).map((part) => part.split("\n").slice(0, -1)),
    quickest: Number(parts.at(-1)) / 1_000,
  };
}

/** Splits a line as readline does, where = and : are words of their own. */
const bash = String.raw`
source "$1"; shift
compopt() { :; }
ask() {
    local rest=$1 pattern='^([[:space:]]*)([^[:space:]=:]+|[=:]|$)(.*)$'
    COMP_WORDS=()
    while [[ $rest =~ $pattern ]]; do
        COMP_WORDS+=("\${BASH_REMATCH[2]}"); rest=\${BASH_REMATCH[3]}
        [[ $rest ]] || break
    done
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=()
    _stsaval
}
for line; do
    ask "$line"
    for offer in "\${COMPREPLY[@]}"; do printf '%s\n' "$offer"; done
    echo =end
done
quickest=
for run in 1 2 3 4 5; do
    start=\${EPOCHREALTIME/[.,]/}; ask "$line"; took=$((\${EPOCHREALTIME/[.,]/} - start))
    [[ $quickest && $quickest -le $took ]] || quickest=$took
done
echo $quickest
`.replaceAll("\\$", "$");

const fish = String.raw`
source $argv[1]
for line in $argv[2..-1]
    for offer in (complete -C $line)
        string split -m 1 -f 1 \t -- $offer
    end
    echo =end
end
set quickest 999999999
for run in 1 2 3 4 5
    set start (date +%s%N)
    complete -C $line >/dev/null
    set took (math "("(date +%s%N)" - $start) / 1000")
    test $took -lt $quickest; and set quickest $took
end
echo $quickest
`;

/** Its editor is asked as an IDE asks it, a program of its own for each line. */
const nushell = String.raw`
def ask [script: string, line: string] {
    $"source ($script)(char newline)($line)" | save --force line.nu
    # Its JSON does not escape quotes.
    let answer = (^nu --no-config-file --ide-complete (open --raw line.nu | into binary | bytes length) line.nu)
    let offers = ($answer | str replace --regex '^\{"completions": \[' '' | str replace --regex '\]\}\s*$' '')
    if ($offers | is-empty) { [] } else { $offers | str substring 1..-2 | split row '", "' }
}
def main [script: string, ...lines: string] {
    for line in $lines {
        for offer in (ask $script $line) { print ($offer | str trim --char '"') }
        print "=end"
    }
    print ((1..5 | each { timeit { ask $script ($lines | last) } | into int } | math min) / 1000)
}
`;

/** The completion system of zsh works only at a terminal, so it is given one; what it is offered goes to a file. */
const zsh = String.raw`
zmodload zsh/zpty
cat >inside <<'END'
PS1=
unset zle_bracketed_paste
zmodload zsh/datetime
autoload -Uz compinit
compinit -u -d dump
typeset -ga seen
compadd() {
    local -a found
    [[ " $* " == *" -"[OAD]" "* ]] || { builtin compadd -O found "$@"; seen+=("$found[@]") }
    builtin compadd "$@"
}
look() {
    local start=$EPOCHREALTIME
    seen=()
    _main_complete
    local took=$(( (EPOCHREALTIME - start) * 1000000 ))
    compstate[insert]= compstate[list]=
    { (( $#seen )) && print -rl -- "$seen[@]"; print -r '=end'; print \${took%.*} } >offers.new
    mv offers.new offers
}
zle -C look complete-word look
bindkey "^I" look
print >ready
END
await() { repeat 1200; do [[ -e $1 ]] && return; sleep 0.05; done; print "no $1" >&2; exit 1 }
ask() {
    zpty -n -w terminal "$1"$'\t'
    await offers
    result=$(<offers)
    rm offers
    zpty -n -w terminal $'\x15'
}
zpty terminal "zsh -f -i"
zpty -w terminal ". ./inside; . $1"
shift
await ready
for line; do
    ask "$line"
    print -r -- "\${result%$'\n'*}"
done
quickest=999999999
repeat 5; do ask "$line"; (( \${result##*$'\n'} < quickest )) && quickest=\${result##*$'\n'}; done
print $quickest
zpty -d terminal
`.replaceAll("\\$", "$");

/** The rows. */
export const drivers: readonly CompletionDriver[] = [
  { shell: "bash", program: bash },
  { shell: "zsh", program: zsh },
  { shell: "fish", program: fish },
  { shell: "nushell", command: "nu", program: nushell },
];
