/**
 * Completion for zsh.
 *
 * @module
 */

import { quotePosix } from "../../../output/shell.ts";
import {
  type CompletedCommand,
  type CompletedOption,
  firstWords,
  twoWordCommands,
  type Values,
} from "./model.ts";
import { configNames, credentialsNames, groupNames, roleNames } from "./profile_names.ts";

/** The script, to be read by `source`, or to be put into a folder of `fpath` as `_stsaval`. */
export function formatZsh(commands: readonly CompletedCommand[]): string {
  const rows = firstWords(commands).map(describedRow);
  return `#compdef stsaval
# Completion for zsh, made by 'stsaval completion zsh'.

_stsaval_commands() {
    local -a commands=(
${rows.join("")}    )
    _describe -t commands command commands
}

# Whether $1 is a command of two words.
_stsaval_is_pair() {
    case $1 in
        ${pairPattern(commands)}) return 0 ;;
        *) return 1 ;;
    esac
}

# Offers the words that follow $1 in a command's name.
_stsaval_second_words() {
    local -a commands
    case $1 in
${secondWordCases(commands)}        *) return 1 ;;
    esac
    _describe -t commands command commands
}

# Offers the words of a command's name, for commands that are about commands.
_stsaval_command_words() {
    if ((CURRENT == 2)); then
        _stsaval_commands
    else
        _stsaval_second_words "$words[2]"
    fi
}

${profiles}
_stsaval_command() {
    case $1 in
${commands.map(commandCase).join("")}    esac
}

${driver}`;
}

/** A pattern that nothing matches where there are none. */
function pairPattern(commands: readonly CompletedCommand[]): string {
  const pairs = twoWordCommands(commands).map(({ first, second }) => `'${first} ${second}'`);
  return pairs.length === 0 ? "''" : pairs.join(" | ");
}

function describedRow([word, summary]: readonly [string, string]): string {
  return `        ${quotePosix(`${word}:${escapeColons(summary)}`)}\n`;
}

function secondWordCases(commands: readonly CompletedCommand[]): string {
  const pairs = twoWordCommands(commands);
  return [...new Set(pairs.map(({ first }) => first))].map((first) => {
    const rows = pairs.filter((pair) => pair.first === first).map(({ second, summary }) =>
      describedRow([second, summary])
    );
    return `        ${first}) commands=(\n${rows.join("")}        ) ;;\n`;
  }).join("");
}

function commandCase({ name, options, operands, runsProgram }: CompletedCommand): string {
  const specs = options.flatMap(optionSpecs);
  if (operands !== undefined) {
    specs.push(quotePosix(`${runsProgram ? "1" : "*"}${valueSpec(operands)}`));
  }
  const program = runsProgram ? "            _stsaval_program && return\n" : "";
  return `        ${quotePosix(name)})\n${program}            _arguments -s -S ${
    specs.map((spec) => `\\\n                ${spec}`).join(" ")
  }\n            ;;\n`;
}

/** What `_arguments` takes: `--name=[summary]:placeholder:action`, once for each spelling. */
function optionSpecs({ long, short, summary, repeatable, values }: CompletedOption): string[] {
  const once = repeatable ? "*" : short === undefined ? "" : `(${short} ${long})`;
  const text = `[${summary.replaceAll(/[[\]\\]/g, "\\$&")}]`;
  const value = values === undefined ? "" : valueSpec(values);
  const sign = values === undefined ? "" : "=";
  const spelled = [`${once}${long}${sign}${text}${value}`];
  if (short !== undefined) spelled.push(`${once}${short}${sign === "" ? "" : "+"}${text}${value}`);
  return spelled.map(quotePosix);
}

function valueSpec({ kind, words, placeholder }: Values): string {
  const actions: Readonly<Record<Values["kind"], string>> = {
    any: " ",
    file: "_files",
    folder: "_files -/",
    command: "_stsaval_command_words",
    profile: "_stsaval_profiles",
    profiles: "_stsaval_profiles_and_groups",
    profileList: "_sequence _stsaval_list_profiles",
    words: `(${words.join(" ")})`,
  };
  return `:${escapeColons(placeholder)}:${actions[kind]}`;
}

function escapeColons(text: string): string {
  return text.replaceAll(/[:\\]/g, "\\$&");
}

const profiles =
  `# Offers the names of the profiles in the files that are in use, or that the command line names.
_stsaval_profiles() {
    local config=\${AWS_CONFIG_FILE:-$HOME/.aws/config} option= word
    local credentials=\${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}
    local -a roles names
    for word in "\${(@)words[2,-1]}"; do
        case $option$word in
            --config-file=?*) config=\${word#--config-file=} ;;
            --credentials-file=?*) credentials=\${word#--credentials-file=} ;;
            --role-file=?*) roles+=("\${word#--role-file=}") ;;
        esac
        option=
        [[ $word == --*-file ]] && option=$word=
    done
    names=("\${(@fu)$(
        _stsaval_names ${quotePosix(configNames)} "$config"
        [[ -n $with_groups ]] && _stsaval_names ${quotePosix(groupNames)} "$config"
        _stsaval_names ${quotePosix(credentialsNames)} "$credentials"
        for word in "\${roles[@]}"; do
            _stsaval_names ${quotePosix(roleNames)} "$word"
        done
    )}")
    names=("\${(@)names:#}")
    [[ $escape_commas ]] && names=("\${(@)names//,/\\\\,}")
    compadd "$@" -a names
}

_stsaval_profiles_and_groups() {
    local with_groups=1
    _stsaval_profiles "$@"
}

# Completes what follows -- as zsh does elsewhere.
_stsaval_program() {
    local -i at=\${words[(i)--]}
    ((at < CURRENT)) || return 1
    words=("\${(@)words[at+1,-1]}")
    ((CURRENT -= at))
    _normal
    return 0
}

# The same for the list "a,b,c", in which a comma in a name has a backslash before it.
_stsaval_list_profiles() {
    local escape_commas=1
    _stsaval_profiles_and_groups "$@"
}

# Prints what the sed program $1 finds in the file $2.
_stsaval_names() {
    local file=\${2/#\\~\\//$HOME/}
    [[ -f $file && -r $file ]] && LC_ALL=C sed -n "$1" <"$file" 2>/dev/null
}
`;

const driver = `_stsaval() {
    local curcontext=$curcontext state line
    _arguments -C \\
        '(- *)'{-h,--help}'[Show the list of commands]' \\
        '(- *)'{-V,--version}'[Show the version]' \\
        '1: :_stsaval_commands' \\
        '*:: :->rest'
    [[ $state == rest ]] || return
    local pair="$words[1] $words[2]"
    if ((CURRENT == 2)) && [[ $words[2] != -* ]] && _stsaval_second_words "$words[1]"; then
        return
    elif _stsaval_is_pair "$pair"; then
        words=("$pair" "\${(@)words[3,-1]}")
        ((CURRENT--))
    fi
    _stsaval_command "$words[1]"
}

# Called by the completion system itself, or read by source.
if [[ \${funcstack[1]} == _stsaval ]]; then
    _stsaval "$@"
else
    compdef _stsaval stsaval
fi
`;
