/**
 * Completion for fish, 3.1 or later.
 *
 * @module
 */

import { quoteFish } from "../../../output/shell.ts";
import {
  type CompletedCommand,
  type CompletedOption,
  firstWords,
  sharedOptions,
  twoWordCommands,
  type Values,
} from "./model.ts";
import { configNames, credentialsNames, groupNames, roleNames } from "./profile_names.ts";

/** The script, to be read by `source`, or to be put into a folder of `fish_complete_path`. */
export function formatFish(commands: readonly CompletedCommand[]): string {
  return `# Completion for fish, made by 'stsaval completion fish'.

${functions}
${commandFunctions(commands)}
complete -c stsaval -f
complete -c stsaval -n __stsaval_first -s h -l help -d 'Show the list of commands'
complete -c stsaval -n __stsaval_first -s V -l version -d 'Show the version'
${firstWords(commands).map(wordLine).join("")}${twoWordCommands(commands).map(secondLine).join("")}
${commands.map(operandLine).join("")}
${sharedOptions(commands).map(([option, names]) => optionLine(option, names)).join("")}`;
}

function wordLine([word, summary]: readonly [string, string]): string {
  return `complete -c stsaval -n __stsaval_first -a ${word} -d ${quoteFish(summary)}\n`;
}

function secondLine(
  { first, second, summary }: { first: string; second: string; summary: string },
): string {
  return `complete -c stsaval -n '__stsaval_second ${first}' -a ${second} -d ${
    quoteFish(summary)
  }\n`;
}

/** What the commands are called is known to the shell by these. */
function commandFunctions(commands: readonly CompletedCommand[]): string {
  const pairs = twoWordCommands(commands).map(({ first, second }) => `'${first} ${second}'`);
  return `# Whether the command is one of the arguments, and no -- precedes the cursor.
function __stsaval_in
    set -l words (commandline -opc)
    test (count $words) -gt 1; and not contains -- -- $words; or return 1
    set -l pair "$words[2] $words[3]"
    contains -- $pair ${pairs.join(" ")}; or set pair $words[2]
    contains -- $pair $argv
end

# Prints the words that a command may begin with, or those that follow the first one.
function __stsaval_command_words
    set -l words (commandline -opc)
    if test (count $words) -eq 2
        printf '%s\\n' ${firstWords(commands).map(([word]) => word).join(" ")}
    else
        string replace -f -- "$words[3] " '' ${pairs.join(" ")}
    end
end
`;
}

function operandLine({ name, operands, runsProgram }: CompletedCommand): string {
  const program = runsProgram
    ? `complete -c stsaval -n '__stsaval_runs ${name}' -x -a '(__stsaval_program)'\n`
    : "";
  const what = operands === undefined ? "" : valueArguments(operands);
  const own = what === "" ? "" : `complete -c stsaval -n ${isCommand([name])} ${what}\n`;
  return own + program;
}

function isCommand(names: readonly string[]): string {
  const quoted = names.map((name) => name.includes(" ") ? `"${name}"` : name);
  return `'__stsaval_in ${quoted.join(" ")}'`;
}

function optionLine({ long, short, summary, values }: CompletedOption, names: readonly string[]) {
  const words = ["complete -c stsaval", `-n ${isCommand(names)}`];
  if (short !== undefined) words.push(`-s ${short.slice(1)}`);
  words.push(`-l ${long.slice(2)}`);
  if (values !== undefined) words.push(valueArguments(values) || "-x");
  return `${words.join(" ")} -d ${quoteFish(summary)}\n`;
}

function valueArguments({ kind, words }: Values): string {
  const actions: Readonly<Record<Values["kind"], string>> = {
    any: "",
    file: "-r -F",
    folder: "-x -a '(__fish_complete_directories (commandline -ct))'",
    command: "-x -a '(__stsaval_command_words)'",
    profile: "-x -a '(__stsaval_profiles)'",
    profiles: "-x -a '(__stsaval_profiles groups)'",
    profileList: "-x -a '(__stsaval_profile_list)'",
    words: `-x -a ${quoteFish(words.join(" "))}`,
  };
  return actions[kind];
}

const functions = `function __stsaval_first
    test (count (commandline -opc)) -eq 1
end

function __stsaval_second
    set -l words (commandline -opc)
    test (count $words) -eq 2; and test $words[2] = $argv[1]
end

function __stsaval_runs
    set -l words (commandline -opc)
    test (count $words) -gt 2; and test $words[2] = $argv[1]; and contains -- -- $words
end

# Completes the command line after -- as fish completes any other.
function __stsaval_program
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    set -l rest $words[(math $at + 1)..-1]
    test $at -eq (count $words); and set rest
    complete -C (string join ' ' -- (string escape -- $rest) (commandline -ct))
end

# Prints the names of the profiles in the files that are in use, or that the command line names.
function __stsaval_profiles
    set -l config $AWS_CONFIG_FILE ~/.aws/config
    set -l credentials $AWS_SHARED_CREDENTIALS_FILE ~/.aws/credentials
    set -l roles
    set -l option ''
    for word in (commandline -opc)
        set -l both "$option$word"
        switch $both
            case '--config-file=*'
                set config (string replace -- --config-file= '' $both)
            case '--credentials-file=*'
                set credentials (string replace -- --credentials-file= '' $both)
            case '--role-file=*'
                set -a roles (string replace -- --role-file= '' $both)
        end
        set option (string match -- '--*-file' $word)=
    end
    begin
        __stsaval_names ${quoteFish(configNames)} $config[1]
        test "$argv[1]" = groups; and __stsaval_names ${quoteFish(groupNames)} $config[1]
        __stsaval_names ${quoteFish(credentialsNames)} $credentials[1]
        for file in $roles
            __stsaval_names ${quoteFish(roleNames)} $file
        end
    end | LC_ALL=C sort -u
end

# Prints what the sed program $argv[1] finds in the file $argv[2].
function __stsaval_names
    set -l file (string replace -r '^~/' "$HOME/" -- $argv[2])
    test -f "$file" -a -r "$file"; and LC_ALL=C sed -n $argv[1] <$file 2>/dev/null
end

# The names that may follow in the list "a,b,c"; those before are not offered again.
function __stsaval_profile_list
    set -l typed (string replace -r '^--[^=]*=' '' -- (commandline -ct))
    set -l before (string match -r -- '^.*,' $typed)
    set -l chosen (string split -- , $before)
    for name in (__stsaval_profiles groups)
        contains -- $name $chosen; or printf '%s%s\\n' "$before" (string replace -a , '\\\\,' -- $name)
    end
end
`;
