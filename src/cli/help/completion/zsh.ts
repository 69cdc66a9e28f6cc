/**
 * Completion for zsh.
 *
 * @module
 */

import { quotePosix } from "../../../output/shell.ts";
import type { CompletedCommand, CompletedOption, Values } from "./model.ts";
import { configNames, credentialsNames, roleNames } from "./profile_names.ts";

/** The script, to be read by `source`, or to be put into a folder of `fpath` as `_stsaval`. */
export function formatZsh(commands: readonly CompletedCommand[]): string {
  const rows = commands.map(({ name, summary }) =>
    `        ${quotePosix(`${name}:${escapeColons(summary)}`)}\n`
  );
  return `#compdef stsaval
# Completion for zsh, made by 'stsaval completion zsh'.

_stsaval_commands() {
    local -a commands=(
${rows.join("")}    )
    _describe -t commands command commands
}

${profiles}
_stsaval_command() {
    case $1 in
${commands.map(commandCase).join("")}    esac
}

${driver}`;
}

function commandCase({ name, options, operands, runsProgram }: CompletedCommand): string {
  const specs = options.flatMap(optionSpecs);
  if (runsProgram) specs.push("'*:: :_normal'");
  else if (operands !== undefined) specs.push(quotePosix(`*${valueSpec(operands)}`));
  return `        ${name})\n            _arguments -s -S ${
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
    profile: "_stsaval_profiles",
    profiles: "_sequence _stsaval_profiles",
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
        _stsaval_names '${configNames}' "$config"
        _stsaval_names '${credentialsNames}' "$credentials"
        for word in "\${roles[@]}"; do
            _stsaval_names '${roleNames}' "$word"
        done
    )}")
    names=("\${(@)names:#}")
    compadd "$@" -a names
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
    [[ $state == rest ]] && _stsaval_command "$words[1]"
}

# Called by the completion system itself, or read by source.
if [[ \${funcstack[1]} == _stsaval ]]; then
    _stsaval "$@"
else
    compdef _stsaval stsaval
fi
`;
