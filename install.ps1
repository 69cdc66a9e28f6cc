<#
.SYNOPSIS
Installs stsaval for the current user, without an administrator.

.DESCRIPTION
The program is checked against the release's SHA256SUMS, and run once, before anything is installed. SHA256SUMS comes from
the same host, so it proves that the download is intact, not who built it: where GitHub's gh is installed and signed in,
the build attestation is checked too. STSAVAL_DOWNLOAD_URL sets another location of the same files.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1

.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1 -Uninstall
#>
[CmdletBinding()]
param(
    # The folder that the program goes to.
    [string] $Prefix = $(if ($env:LOCALAPPDATA) { Join-Path $env:LOCALAPPDATA 'Programs\stsaval' } else { '' }),
    # That version, and not the newest.
    [string] $Version = '',
    # Removes what this script installed.
    [switch] $Uninstall
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
# With its bar, Windows PowerShell downloads many times slower.
$ProgressPreference = 'SilentlyContinue'

function Stop-Install {
    param([string] $Message, [string] $Hint = '')
    [Console]::Error.WriteLine("install.ps1: $Message")
    if ($Hint) { [Console]::Error.WriteLine("hint: $Hint") }
    exit 1
}

function Get-ProgramName {
    # A 32-bit PowerShell is told of the real machine by the second variable.
    $machine = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
    switch ($machine) {
        'AMD64' { return 'stsaval-x86_64-pc-windows-msvc.exe' }
        'ARM64' { return 'stsaval-aarch64-pc-windows-msvc.exe' }
    }
    Stop-Install "there is no program for the architecture `"$machine`", only for AMD64 and ARM64" 'with Deno it runs where Deno does: see the README'
}

# The URL of the release's files. Only loopback addresses may use plain http.
function Get-ReleaseUrl {
    $base = if ($env:STSAVAL_DOWNLOAD_URL) { $env:STSAVAL_DOWNLOAD_URL } else { 'https://github.com/x/stsaval/releases' }
    $url = [uri] $base
    $isLoopback = $url.Host -in '127.0.0.1', 'localhost'
    if ($url.UserInfo) { Stop-Install "cannot download from `"$base`": it names a user" }
    if ($url.Scheme -ne 'https' -and -not ($url.Scheme -eq 'http' -and $isLoopback)) {
        Stop-Install "cannot download from `"$base`": wanted a URL that begins with https://"
    }
    $base = $base.TrimEnd('/')
    if (-not $Version) { return "$base/latest/download" }
    if ($Version -notmatch '^[0-9A-Za-z.+-]+$') {
        Stop-Install "cannot install version `"$Version`": wanted one such as 1.2.3"
    }
    return "$base/download/v$($Version -replace '^v', '')"
}

function Save-File {
    param([string] $Url, [string] $Path)
    try {
        Invoke-WebRequest -Uri $Url -OutFile $Path -UseBasicParsing
    } catch {
        Stop-Install "cannot download $Url`: $($_.Exception.Message); nothing was installed"
    }
}

function Test-Sum {
    param([string] $Sums, [string] $Name, [string] $Path)
    $line = Get-Content -LiteralPath $Sums | Where-Object { $_ -cmatch "^[0-9a-f]{64} [ *]$([regex]::Escape($Name))$" } | Select-Object -First 1
    if (-not $line) { Stop-Install "the release's SHA256SUMS has no line for $Name; nothing was installed" }
    $wanted = $line.Substring(0, 64)
    $found = (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant()
    if ($found -cne $wanted) {
        Stop-Install "the download does not match the release: its SHA-256 is $found, wanted $wanted; nothing was installed"
    }
}

# The attestation shows that the release workflow built the program from this source, wherever it was downloaded from.
function Test-Origin {
    param([string] $Path)
    $signedIn = $false
    if (Get-Command gh -CommandType Application -ErrorAction SilentlyContinue) {
        & gh auth status *> $null
        $signedIn = $LASTEXITCODE -eq 0
    }
    if (-not $signedIn) {
        Write-Output 'SHA256SUMS proves that the download is intact, not who built it. To check that, with GitHub''s gh:'
        Write-Output "  gh attestation verify `"$(Join-Path $Prefix 'stsaval.exe')`" --repo x/stsaval"
        return
    }
    & gh attestation verify $Path --repo x/stsaval
    if ($LASTEXITCODE -ne 0) {
        Stop-Install 'the program has no valid attestation of x/stsaval; nothing was installed' "see 'gh attestation verify --help', or try again later if GitHub could not be reached"
    }
}

# The user's own PATH, not that of the machine. A value that names other variables is left as it was written.
function Get-UserPath {
    $key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment')
    $text = [string] $key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
    $key.Dispose()
    return @($text -split ';' | Where-Object { $_ })
}

function Set-UserPath {
    param([string[]] $Folders)
    $key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $true)
    $key.SetValue('Path', ($Folders -join ';'), [Microsoft.Win32.RegistryValueKind]::ExpandString)
    $key.Dispose()
}

function Install-Program {
    $name = Get-ProgramName
    $url = Get-ReleaseUrl
    $work = Join-Path $Prefix ".stsaval-$([guid]::NewGuid())"
    New-Item -ItemType Directory -Path $work -Force | Out-Null
    try {
        $program = Join-Path $work 'stsaval.exe'
        Write-Output "Downloading $url/$name"
        Save-File "$url/SHA256SUMS" (Join-Path $work 'SHA256SUMS')
        Save-File "$url/$name" $program
        Test-Sum (Join-Path $work 'SHA256SUMS') $name $program
        Test-Origin $program
        $installed = & $program --version
        if ($LASTEXITCODE -ne 0) { Stop-Install 'the program does not run on this machine; nothing was installed' }
        Move-Item -LiteralPath $program -Destination (Join-Path $Prefix 'stsaval.exe') -Force
        Write-Output "Installed $installed to $(Join-Path $Prefix 'stsaval.exe')"
    } finally {
        Remove-Item -LiteralPath $work -Recurse -Force
    }
    $folders = @(Get-UserPath)
    if ($folders -contains $Prefix) { return }
    Set-UserPath ($folders + $Prefix)
    Write-Output "Added $Prefix to your PATH: new terminals have it"
}

function Uninstall-Program {
    $program = Join-Path $Prefix 'stsaval.exe'
    if (-not (Test-Path -LiteralPath $program)) {
        Stop-Install "there is no `"$program`"" 'give the folder where it was installed with -Prefix'
    }
    Remove-Item -LiteralPath $program
    Set-UserPath @(Get-UserPath | Where-Object { $_ -ne $Prefix })
    Write-Output "Removed stsaval from $Prefix. Its cache in ~\.aws\stsaval is still there."
}

[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
if (-not $Prefix) { Stop-Install 'no folder to install to: LOCALAPPDATA is not set' 'set one with -Prefix' }
$Prefix = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Prefix)
if ($Uninstall) { Uninstall-Program } else { Install-Program }
