/**
 * Completion for bash, 4.4 or later, without the package bash-completion.
 *
 * @module
 */

import type { CompletedCommand, Values } from "./model.ts";
import { quotePosix } from "../../../output/shell.ts";
import { configNames, credentialsNames, groupNames, roleNames } from "./profile_names.ts";

/** The script, to be read by `source`. */
export function formatBash(commands: readonly CompletedCommand[]): string {
  return `# Completion for bash, made by 'stsaval completion bash'.

${formatTables(commands)}
${profiles}
${offers}
${driver}`;
}

function formatTables(commands: readonly CompletedCommand[]): string {
  return `# One command a line; some are two words.
_stsaval_commands='${commands.map(({ name }) => name).join("\n")}'

# Sets the options of the command $1.
_stsaval_options() {
    case $1 in
${commands.map(optionsCase).join("")}    esac
}

# Sets the kind of value that the option $2 of the command $1 takes; without $2, of its operands.
_stsaval_values() {
    case "$1 $2" in
${valueCases(commands)}    esac
}
`;
}

function optionsCase({ name, options }: CompletedCommand): string {
  const spelled = options.flatMap(({ long, short }) =>
    short === undefined ? [long] : [long, short]
  );
  return `        "${name}") options='${spelled.join("\n")}' ;;\n`;
}

/** One line for all places that take the same kind of value. */
function valueCases(commands: readonly CompletedCommand[]): string {
  const places = new Map<string, string[]>();
  const add = ({ kind, words }: Values, place: string) => {
    const setting = words.length === 0
      ? `kind='${kind}'`
      : `kind=words choices='${words.join("\n")}'`;
    places.set(setting, [...places.get(setting) ?? [], `"${place}"`]);
  };
  for (const { name, options, operands } of commands) {
    for (const { long, short, values } of options) {
      if (values === undefined) continue;
      add(values, `${name} ${long}`);
      if (short !== undefined) add(values, `${name} ${short}`);
    }
    if (operands !== undefined) add(operands, `${name} `);
  }
  return [...places].map(([setting, patterns]) =>
    `        ${patterns.join(" | ")}) ${setting} ;;\n`
  ).join("");
}

const profiles =
  `# Prints the names of the profiles in the files that are in use, or that the command line names.
_stsaval_profiles() {
    local config=\${AWS_CONFIG_FILE:-$HOME/.aws/config} roles=() option='' word
    local credentials=\${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}
    for word in "\${words[@]:1}"; do
        case $option$word in
            --config-file=?*) config=\${word#--config-file=} ;;
            --credentials-file=?*) credentials=\${word#--credentials-file=} ;;
            --role-file=?*) roles+=("\${word#--role-file=}") ;;
        esac
        option=
        [[ $word == --*-file ]] && option=$word=
    done
    {
        _stsaval_names ${quotePosix(configNames)} "$config"
        [[ $1 == groups ]] && _stsaval_names ${quotePosix(groupNames)} "$config"
        _stsaval_names ${quotePosix(credentialsNames)} "$credentials"
        for word in "\${roles[@]}"; do
            _stsaval_names ${quotePosix(roleNames)} "$word"
        done
    } 2>/dev/null | LC_ALL=C sort -u
}

# Prints what the sed program $1 finds in the file $2.
_stsaval_names() {
    local file=\${2/#\\~\\//$HOME/}
    [[ -f $file && -r $file ]] && LC_ALL=C sed -n "$1" <"$file"
}
`;

const offers = `# Prints the words that commands begin with; with $1, those that follow $1.
_stsaval_command_words() {
    local line
    while IFS= read -r line; do
        if [[ ! $1 ]]; then
            printf '%s\\n' "\${line%% *}"
        elif [[ $line == "$1 "* ]]; then
            printf '%s\\n' "\${line#* }"
        fi
    done <<<"$_stsaval_commands" | uniq
}

# Offers the lines of standard input that begin with $1, with $2 before each. Nothing in a name is ever evaluated.
_stsaval_offer() {
    local line typed=\${1//\\\\/}
    while IFS= read -r line; do
        # What is typed may have backslashes before blanks and quotes.
        [[ $line == "$1"* || ($1 == *\\\\* && \${line//\\\\/} == "$typed"*) ]] || continue
        printf -v line %q "$line"
        COMPREPLY+=("$2$line")
    done
}

# The same for the last name of the list "a,b,c"; those before it are not offered again.
_stsaval_offer_list() {
    local before='' name
    [[ $1 == *,* ]] && before=\${1%,*},
    local chosen=,\${before//\\\\/}
    compopt -o nospace
    _stsaval_offer "\${1##*,}" "$before" < <(
        while IFS= read -r name; do
            [[ $chosen == *",$name,"* ]] || printf '%s\\n' "\${name//,/\\\\,}"
        done
    )
}

# Offers paths that begin with $2; $1 is "file" or "directory".
_stsaval_offer_paths() {
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -A "$1" -- "$2")
}
`;

const driver = `_stsaval() {
    local words=() word glue='' i
    # Bash splits words at = and :, which are parts of options and names here.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=\${COMP_WORDS[i]}
        if ((i > 1)) && [[ $glue || $word == [=:] ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        glue=
        [[ $word == [=:] ]] && glue=1
    done

    COMPREPLY=()
    local command=\${words[1]} current=\${words[-1]} previous=\${words[-2]} typed=\${COMP_WORDS[COMP_CWORD]}
    local options='' kind=none choices='' value=$current
    [[ $typed == [=:] ]] && typed=
    if ((\${#words[@]} == 2)); then
        _stsaval_offer "$current" '' < <(_stsaval_command_words; printf '%s\\n' --help --version)
        return
    fi
    if ((\${#words[@]} == 3)) && [[ $current != -* ]]; then
        _stsaval_offer "$current" '' < <(_stsaval_command_words "$command")
    fi
    if ((\${#words[@]} > 3)) && [[ $'\\n'$_stsaval_commands$'\\n' == *$'\\n'"$command \${words[2]}"$'\\n'* ]]; then
        command+=" \${words[2]}"
        words=("\${words[0]}" "$command" "\${words[@]:3}")
    fi
    if [[ " \${words[*]:2:\${#words[@]}-3} " == *' -- '* ]]; then
        kind=program
    elif [[ $current == --*=* ]]; then
        value=\${current#*=}
        _stsaval_values "$command" "\${current%%=*}"
    else
        [[ $previous == -* ]] && _stsaval_values "$command" "$previous"
        if [[ $kind == none && $current == -* ]]; then
            _stsaval_options "$command"
            _stsaval_offer "$current" '' <<<"$options"
            return
        fi
        [[ $kind == none ]] && _stsaval_values "$command" ''
    fi

    case $kind in
        words) _stsaval_offer "$value" '' <<<"$choices" ;;
        command)
            if ((\${#words[@]} == 3)); then
                _stsaval_offer "$value" '' < <(_stsaval_command_words)
            else
                _stsaval_offer "$value" '' < <(_stsaval_command_words "\${words[2]}")
            fi
            ;;
        profile) _stsaval_offer "$value" '' < <(_stsaval_profiles) ;;
        profiles) _stsaval_offer "$value" '' < <(_stsaval_profiles groups) ;;
        profileList) _stsaval_offer_list "$value" < <(_stsaval_profiles groups) ;;
        file | program) _stsaval_offer_paths file "$value" ;;
        folder) _stsaval_offer_paths directory "$value" ;;
    esac
    [[ $kind == program && $previous == -- ]] && mapfile -t COMPREPLY < <(compgen -A command -- "$value")

    # Only what comes after the last = or : is replaced.
    local kept=$((\${#value} - \${#typed}))
    ((kept > 0)) && COMPREPLY=("\${COMPREPLY[@]/#"\${value:0:kept}"/}")
}

complete -F _stsaval stsaval
`;
