/**
 * Completion for PowerShell 5.1 and 7.
 *
 * @module
 */

import type { CompletedCommand } from "./model.ts";
import { formatTable } from "./table.ts";

/** The script, to be run in the profile. */
export function formatPowerShell(commands: readonly CompletedCommand[]): string {
  return `# Completion for PowerShell, made by 'stsaval completion powershell'.

Register-ArgumentCompleter -Native -CommandName stsaval -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # Options differ by case, which the keys of a hashtable do not: the table holds lists.
    $table = '${formatTable(commands)}' | ConvertFrom-Json
${body}}
`;
}

const body = `
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($_.Value -is [string]) { $_.Value } else { $_.Extent.Text } } |
        Select-Object -Skip 1)
    $typed = $wordToComplete -replace '^["'']', ''

    # The names in a file: those of profiles of a config file, of its groups, or of a credentials file.
    function Get-Name([string] $file, [string] $want) {
        $path = $file -replace '^~', $HOME
        if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { return }
        $header = '^\\s*\\[\\s*((?:profile|sso-session|services|stsaval-group)\\s+)?([^\\[\\]]*[^\\[\\]\\s])\\s*\\]\\s*(?:[#;].*)?$'
        foreach ($line in Get-Content -LiteralPath $path -Encoding UTF8) {
            if ($line -cnotmatch $header) { continue }
            $kind = "$($Matches[1])".Trim()
            $name = $Matches[2]
            if ($want -eq 'config' -and -not ($kind -ceq 'profile' -or ($kind -eq '' -and $name -ceq 'default'))) { continue }
            if ($want -eq 'groups' -and $kind -cne 'stsaval-group') { continue }
            if ($want -eq 'credentials' -and $kind -ne '') { continue }
            if ($name -match '^".+"$' -or $name -match '^''.+''$') { $name = $name.Substring(1, $name.Length - 2) }
            elseif ($name -match '^["'']' -or $name -match '\\s[#;]') { continue }
            $name.Replace('''"''"''', '''')
        }
    }

    # The profiles in the files that are in use, or that the command line names.
    function Get-Profile([bool] $groups) {
        $config = if ($env:AWS_CONFIG_FILE) { $env:AWS_CONFIG_FILE } else { '~/.aws/config' }
        $credentials = if ($env:AWS_SHARED_CREDENTIALS_FILE) { $env:AWS_SHARED_CREDENTIALS_FILE } else { '~/.aws/credentials' }
        $roles = @()
        $option = ''
        foreach ($word in $words) {
            $both = $option + $word
            if ($both -cmatch '^--config-file=(.+)$') { $config = $Matches[1] }
            elseif ($both -cmatch '^--credentials-file=(.+)$') { $credentials = $Matches[1] }
            elseif ($both -cmatch '^--role-file=(.+)$') { $roles += $Matches[1] }
            $option = if ($word -cmatch '^--[a-z-]+-file$') { "$word=" } else { '' }
        }
        $names = @(Get-Name $config 'config') + @(Get-Name $credentials 'credentials')
        if ($groups) { $names += @(Get-Name $config 'groups') }
        foreach ($file in $roles) { $names += @(Get-Name $file 'config') + @(Get-Name $file 'credentials') }
        $names | Sort-Object -Unique -CaseSensitive
    }

    # The second words of the commands that begin with the first one.
    function Get-Second([string] $first) {
        $table.commands | Where-Object { $_.name.StartsWith("$first ", 'Ordinal') } |
            ForEach-Object { [pscustomobject]@{ value = $_.name.Split(' ')[1]; description = $_.summary } }
    }

    # Offers what begins with what is typed, as a word that evaluates nothing.
    function Write-Offer([string] $value, [string] $description, [string] $start, [string] $before) {
        if (-not $value.StartsWith($start, 'Ordinal')) { return }
        $text = $before + $value
        if ($text -notmatch '^[\\w.@%+:=/-]+$') { $text = "'" + $text.Replace("'", "''") + "'" }
        $tip = if ($description) { $description } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $tip)
    }

    # Where nothing is offered, PowerShell offers files.
    function Write-Value($place, [string] $start, [string] $before) {
        $offers = switch ($place.kind) {
            'words' { $place.words }
            'profile' { Get-Profile $false }
            'profiles' { Get-Profile $true }
            'profileList' {
                $list = $start -replace '[^,]*$', ''
                Get-Profile $true | Where-Object { $list.Split(',') -cnotcontains $_ } |
                    ForEach-Object { $list + $_.Replace(',', '\\,') }
            }
            'command' {
                if ($words.Count -eq 1) { $table.words.value }
                elseif ($words.Count -eq 2) { (Get-Second $words[1]).value }
            }
        }
        foreach ($offer in $offers) { Write-Offer $offer '' $start $before }
    }

    if ($words.Count -eq 0) {
        foreach ($word in $table.words) { Write-Offer $word.value $word.description $typed '' }
        Write-Offer '--help' 'Show the list of commands' $typed ''
        Write-Offer '--version' 'Show the version' $typed ''
        return
    }
    if ($words.Count -eq 1) {
        foreach ($word in @(Get-Second $words[0])) { Write-Offer $word.value $word.description $typed '' }
    }
    $pair = ($words | Select-Object -First 2) -join ' '
    $command = @($table.commands | Where-Object { $_.name -ceq $pair }) +
        @($table.commands | Where-Object { $_.name -ceq $words[0] }) | Select-Object -First 1
    if ($null -eq $command -or $words -contains '--') { return }
    $waiting = $command.options | Where-Object { $_.name -ceq $words[-1] -and $_.kind -ne 'none' }
    if ($waiting) { Write-Value $waiting $typed ''; return }
    if ($typed -cmatch '^(--[a-z-]+)=(.*)$') {
        $name, $value = $Matches[1], $Matches[2]
        $option = $command.options | Where-Object { $_.name -ceq $name }
        if ($option) { Write-Value $option $value "$name=" }
        return
    }
    if ($typed.StartsWith('-')) {
        foreach ($option in $command.options) { Write-Offer $option.name $option.summary $typed '' }
        return
    }
    Write-Value $command.operands $typed ''
`;
