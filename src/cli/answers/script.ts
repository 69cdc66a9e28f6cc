/**
 * The script `stsaval-process`, which prints the answers that `stsaval process --keep-answer` keeps. The program writes
 * it, so that both know the same variables.
 *
 * @module
 */

import { answerVariables } from "./variables.ts";

const widest = 112;

/** The text of the script, for any POSIX shell. */
export function formatProcessScript(): string {
  return script.replace("@variables@", () => valuesOf(answerVariables()));
}

/** The values of the variables, one after the other, over as many lines as they take. */
function valuesOf(names: readonly string[]): string {
  const lines: string[] = [""];
  for (const value of names.map((name) => `\${${name}-}`)) {
    const line = lines.at(-1) ?? "";
    if (line.length + value.length > widest) lines.push(value);
    else lines[lines.length - 1] = line + value;
  }
  return lines.join("\\\n");
}

/**
 * One `stat` looks at all files, since each program that is started costs as much as the rest. `/proc/self/` comes into
 * being with it, and so tells the time. The variables have a prefix: one that the user exports goes on to the program.
 */
const script = `#!/bin/sh
# Prints what 'stsaval process PROFILE' prints, for credential_process, from the answer that stsaval keeps in
# ~/.aws/stsaval/answers: without starting stsaval, which takes many times as long. An answer counts while it is fresh,
# if it was made of this configuration, and only this user can have read or written it. Otherwise, and in any doubt,
# this runs 'stsaval process --profile PROFILE --keep-answer', which prints the answer and keeps it.

run_stsaval() {
    # The program that was installed beside this script comes first.
    stsaval_folder=\${0%"\${0##*/}"}
    stsaval_program=\${stsaval_folder}stsaval
    { [ -n "$stsaval_folder" ] && [ -f "$stsaval_program" ] && [ -x "$stsaval_program" ]; } || stsaval_program=stsaval
    command -v "$stsaval_program" >/dev/null || {
        stsaval_where=\${stsaval_folder:+$stsaval_folder or }PATH
        echo "stsaval-process: Cannot find \\"stsaval\\": no such program in $stsaval_where
hint: install stsaval beside this script, or put its folder on PATH" >&2
        exit 127
    }
    exec "$stsaval_program" process "$@"
}

ask_stsaval() {
    run_stsaval --profile "$stsaval_profile" --keep-answer
}

# Whether the first of two moments, in seconds with nine decimals, is later. Some shells count in 32 bits.
is_later() {
    [ "\${1%.*}" -gt "\${2%.*}" ] || { [ "\${1%.*}" -eq "\${2%.*}" ] && [ "1\${1#*.}" -gt "1\${2#*.}" ]; }
}

# Options, no profile and several are for the program.
[ $# -eq 1 ] || run_stsaval --keep-answer "$@"
case $1 in -*) run_stsaval --keep-answer "$1" ;; esac
stsaval_profile=$1

# A name that makes no odd file name, a home folder, and nothing set that may change the answer.
case $stsaval_profile in
    '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9_.@+=:-]*) ask_stsaval ;;
esac
case \${HOME-} in
    /*) stsaval_aws=$HOME/.aws ;;
    *) ask_stsaval ;;
esac
[ -z "\\
@variables@" ] || ask_stsaval

# A file of the configuration that is missing cannot come without a change of its folder.
stsaval_config=$stsaval_aws/config stsaval_credentials=$stsaval_aws/credentials
[ -e "$stsaval_config" ] || [ -h "$stsaval_config" ] || stsaval_config=$stsaval_aws/.
[ -e "$stsaval_credentials" ] || [ -h "$stsaval_credentials" ] || stsaval_credentials=$stsaval_aws/.

# Of each file: type and mode, owner, when it was written, when anything about it changed, device, inode and size. The
# last one belongs to stat itself, so it tells who runs this, and the time. Some languages have a decimal comma.
stsaval_answer=$stsaval_aws/stsaval/answers/$stsaval_profile
stsaval_facts=$(LC_ALL=C stat -c '%f %u %.9Y %.9Z %d:%i:%s' "$stsaval_aws/stsaval" \\
    "$stsaval_aws/stsaval/answers" "$stsaval_answer" "$stsaval_config" "$stsaval_credentials" \\
    /proc/self/ 2>/dev/null) || ask_stsaval
# shellcheck disable=SC2086 # five words for each of six files
set -- $stsaval_facts
[ $# -eq 30 ] || ask_stsaval
case "$1 $6 \${11} \${16} \${21}" in
    4[15]c0\\ 4[15]c0\\ 81[08]0\\ [48]???\\ [48]???) ;;
    *) ask_stsaval ;;
esac
[ "$2 $7 \${12}" = "\${27} \${27} \${27}" ] || ask_stsaval
case "\${13} \${19} \${24} \${28}" in
    *[!0-9.\\ ]*) ask_stsaval ;;
    *.?????????\\ *.?????????\\ *.?????????\\ *.?????????) ;;
    *) ask_stsaval ;;
esac
# Written after the configuration, and not after now: else the clock was set back.
{ is_later "\${13}" "\${19}" && is_later "\${13}" "\${24}"; } || ask_stsaval
! is_later "\${13}" "\${28}" || ask_stsaval
# Which files these are, as the program says it: changed in which second, written when, to three decimals.
stsaval_first=\${20}:\${19%.*}:\${18%??????} stsaval_second=\${25}:\${24%.*}:\${23%??????}
[ "$stsaval_config" != "$stsaval_aws/." ] || stsaval_first=-
[ "$stsaval_credentials" != "$stsaval_aws/." ] || stsaval_second=-

# The first line is the second until which it is fresh, the second one what it was made of, the last one the answer.
{
    IFS= read -r stsaval_until && IFS= read -r stsaval_made_of && IFS= read -r stsaval_line &&
        ! IFS= read -r stsaval_more && [ -z "$stsaval_more" ]
} 2>/dev/null <"$stsaval_answer" || ask_stsaval
[ "$stsaval_made_of" = "$stsaval_first $stsaval_second" ] || ask_stsaval
case $stsaval_until in
    '' | *[!0-9]* | ????????????*) ask_stsaval ;;
esac
[ "\${28%.*}" -lt "$stsaval_until" ] || ask_stsaval
# echo alone is part of every shell: the words of another program can be read by all users.
case $stsaval_line in
    *\\\\*) ask_stsaval ;;
    '{"Version":1,"AccessKeyId":"'*'","Expiration":"'*'Z"}') echo "$stsaval_line" ;;
    *) ask_stsaval ;;
esac
`;
