/**
 * Completion for nushell, 0.108 or later.
 *
 * @module
 */

import type { CompletedCommand } from "./model.ts";
import { formatTable } from "./table.ts";

/** The script, to be read by `source`. */
export function formatNushell(commands: readonly CompletedCommand[]): string {
  return `# Completion for nushell, made by 'stsaval completion nushell'.

def "stsaval-completion table" [] {
    '${formatTable(commands)}' | from json
}
${functions}`;
}

const functions = `
# The names in a file: those of profiles of a config file, of its groups, or of a credentials file.
def "stsaval-completion names" [file: string, want: string] {
    let path = ($file | path expand)
    if not ($path | path exists) { return [] }
    let header = '^\\s*\\[\\s*(?P<kind>(?:profile|sso-session|services|stsaval-group)\\s+)?(?P<name>[^\\[\\]]*[^\\[\\]\\s])\\s*\\]\\s*(?:[#;].*)?$'
    open --raw $path | decode utf-8 | lines | parse --regex $header
    | where {|row|
        let kind = ($row.kind | default "" | str trim)
        match $want {
            "config" => ($kind == "profile" or ($kind == "" and $row.name == "default"))
            "groups" => ($kind == "stsaval-group")
            _ => ($kind == "")
        }
    }
    | get name
    | where {|name| $name !~ '^[^"''].*\\s[#;]' }
    | each {|name|
        if $name =~ '^".+"$' or $name =~ "^'.+'$" { $name | str substring 1..-2 } else if $name =~ '^["'']' { null } else { $name }
    }
    | compact
    | each {|name| $name | str replace --all \`'"'"'\` "'" }
}

# The profiles in the files that are in use, or that the command line names.
def "stsaval-completion profiles" [spans: list<string>, groups: bool] {
    mut config = ($env.AWS_CONFIG_FILE? | default "~/.aws/config")
    mut credentials = ($env.AWS_SHARED_CREDENTIALS_FILE? | default "~/.aws/credentials")
    mut roles = []
    mut option = ""
    for word in $spans {
        let both = $option + $word
        if $both =~ '^--config-file=.' { $config = ($both | str replace '--config-file=' '') }
        if $both =~ '^--credentials-file=.' { $credentials = ($both | str replace '--credentials-file=' '') }
        if $both =~ '^--role-file=.' { $roles = ($roles | append ($both | str replace '--role-file=' '')) }
        $option = (if $word =~ '^--[a-z-]+-file$' { $word + "=" } else { "" })
    }
    let own = (if $groups { stsaval-completion names $config "groups" } else { [] })
    let of_roles = ($roles | each {|file| (stsaval-completion names $file "config") ++ (stsaval-completion names $file "credentials") } | flatten)
    (stsaval-completion names $config "config") ++ $own ++ (stsaval-completion names $credentials "credentials") ++ $of_roles | uniq | sort
}

# A word as it must be typed; nothing in it is evaluated.
def "stsaval-completion quote" [word: string] {
    if $word =~ '^[\\w.@%+:,=/-]+$' { $word } else { $word | to json }
}

# The second words of the commands that begin with the first one.
def "stsaval-completion second" [table: record, first: string] {
    $table.commands | where {|command| $command.name starts-with $"($first) " } | each {|command| {value: ($command.name | split row " " | get 1), description: $command.summary} }
}

# What may stand for a value of that kind; null where files may. With $before in front of each.
def "stsaval-completion values" [table: record, spans: list<string>, place: record, typed: string, before: string] {
    let offers = (match $place.kind {
        "words" => $place.words
        "profile" => (stsaval-completion profiles $spans false)
        "profiles" => (stsaval-completion profiles $spans true)
        "profileList" => (stsaval-completion profile-list $spans $typed)
        "command" => (stsaval-completion command-words $table ($spans | skip 2 | drop 1))
        # nushell's own offer of files does not look behind "=".
        "file" | "folder" => (if $before == "" { null } else { try { ls --all ($typed + "*" | into glob) | get name } catch { [] } })
        _ => []
    })
    if $offers == null { return null }
    $offers | where {|offer| $offer starts-with $typed } | each {|offer| {value: (stsaval-completion quote ($before + $offer))} }
}

# The names that may follow in the list "a,b,c"; those before are not offered again.
def "stsaval-completion profile-list" [spans: list<string>, typed: string] {
    let list = ($typed | str replace --regex '[^,]*$' '')
    let chosen = ($list | split row ",")
    stsaval-completion profiles $spans true | where {|name| $name not-in $chosen } | each {|name| $list + ($name | str replace --all "," '\\,') }
}

# The words of a command's name, for 'stsaval help'.
def "stsaval-completion command-words" [table: record, words: list<string>] {
    if ($words | is-empty) { return ($table.words | get value) }
    if ($words | length) > 1 { return [] }
    stsaval-completion second $table $words.0 | get value
}

def "stsaval-completion complete" [spans: list<string>] {
    let table = (stsaval-completion table)
    let typed = ($spans | last | str replace --regex '^["'']' '')
    let words = ($spans | skip 1 | drop 1)
    if ($words | is-empty) {
        let others = [{value: "--help", description: "Show the list of commands"} {value: "--version", description: "Show the version"}]
        return ($table.words ++ $others | where {|row| $row.value starts-with $typed })
    }
    let pair = ($words | first 2 | str join " ")
    let found = ($table.commands | where name == $pair) ++ ($table.commands | where name == $words.0)
    let second = (if ($words | length) > 1 { [] } else { stsaval-completion second $table $words.0 | where {|row| $row.value starts-with $typed } })
    if ($found | is-empty) { return $second }
    let command = $found.0
    if "--" in $words { return (if $command.runsProgram { null } else { [] }) }
    let waiting = ($command.options | where {|option| $option.name == ($words | last) and $option.kind != "none" })
    if not ($waiting | is-empty) { return (stsaval-completion values $table $spans $waiting.0 $typed "") }
    if $typed =~ '^--[a-z-]+=' {
        let name = ($typed | str replace --regex '=.*$' '')
        let option = ($command.options | where name == $name)
        if ($option | is-empty) { return [] }
        return (stsaval-completion values $table $spans $option.0 ($typed | str replace --regex '^[^=]*=' '') $"($name)=")
    }
    if $typed starts-with "-" {
        return ($command.options | where {|option| $option.name starts-with $typed } | each {|option| {value: $option.name, description: $option.summary} })
    }
    let operands = (stsaval-completion values $table $spans $command.operands $typed "")
    if $operands == null { null } else { $second ++ $operands }
}

@complete "stsaval-completion complete"
extern stsaval []
`;
