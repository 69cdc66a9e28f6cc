#!/bin/sh
# Installs stsaval for the current user, without root: the program, stsaval-process, the man page and the completions.
#
#   sh install.sh [--prefix DIR] [--version X.Y.Z]     into ~/.local, or DIR
#   sh install.sh --uninstall [--prefix DIR]           removes what it installed
#
# The program is checked against the release's SHA256SUMS, and run once, before anything is installed. SHA256SUMS comes
# from the same host, so it proves that the download is intact, not who built it: where GitHub's gh is installed and
# signed in, the build attestation is checked too.
# Linux and macOS; on Windows, install.ps1 does the same.
# STSAVAL_DOWNLOAD_URL sets another location of the same files.
set -eu

# Nothing runs before the whole script is downloaded: the last line calls this.
main() {
    prefix=${HOME:+$HOME/.local} version='' uninstall=''
    while [ $# -gt 0 ]; do
        case $1 in
            --prefix=*) prefix=${1#*=} ;;
            --version=*) version=${1#*=} ;;
            --prefix) needs_value "$@" && shift && prefix=$1 ;;
            --version) needs_value "$@" && shift && version=$1 ;;
            --uninstall) uninstall=1 ;;
            -h | --help) usage && return ;;
            *) fail "unknown option \"$1\"" "see --help" ;;
        esac
        shift
    done
    [ -n "$prefix" ] || fail "no folder to install to: HOME is not set" "set one with --prefix DIR"
    case $prefix in
        /*) ;;
        *) prefix=$PWD/$prefix ;;
    esac
    if [ -n "$uninstall" ]; then
        remove_all
    else
        install_all
    fi
}

usage() {
    cat <<USAGE
Usage: sh install.sh [--prefix DIR] [--version X.Y.Z] [--uninstall]

  --prefix DIR       install into DIR/bin and DIR/share (~/.local)
  --version X.Y.Z    install that version, not the newest
  --uninstall        remove what this script installed
USAGE
}

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
    exit 1
}

needs_value() {
    [ $# -gt 1 ] || fail "$1 needs a value" "see --help"
}

install_all() {
    file=stsaval-$(machine)-$(system)
    case $file in
        *-linux-gnu) check_glibc ;;
    esac
    url=$(release_url)

    # In the target folder, so that the program is moved into place atomically.
    mkdir -p "$prefix/bin" 2>/dev/null || fail "cannot create the folder \"$prefix/bin\"" "choose another with --prefix DIR"
    work=$(mktemp -d "$prefix/bin/.stsaval.XXXXXX" 2>/dev/null) ||
        fail "cannot write to the folder \"$prefix/bin\"" "choose another with --prefix DIR"
    trap 'rm -rf "$work"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM

    say "Downloading $url/$file"
    download "$url/SHA256SUMS" "$work/SHA256SUMS"
    download "$url/$file" "$work/stsaval"
    check_sum "$file"
    check_origin
    chmod 755 "$work/stsaval"
    installed=$("$work/stsaval" --version) || fail "the program does not run on this machine; nothing was installed"

    make_documents
    put_in_place
    say "Installed $installed to $prefix/bin/stsaval"
    case :$PATH: in
        *":$prefix/bin:"*) ;;
        *) say "$prefix/bin is not in your PATH: add  export PATH=\"$prefix/bin:\$PATH\"  to your shell's profile" ;;
    esac
}

say() {
    printf '%s\n' "$1"
}

# The system, as in the names of the release's files.
system() {
    case $(uname -s) in
        Linux) echo unknown-linux-gnu ;;
        Darwin) echo apple-darwin ;;
        *)
            fail "there is no program for $(uname -s), only for Linux and macOS" \
                "on Windows, install.ps1 installs it; with Deno it runs anywhere: see the README"
            ;;
    esac
}

# The architecture. A terminal that Rosetta translates is told of an Intel Mac, which this one is not.
machine() {
    case $(uname -m) in
        x86_64 | amd64)
            if [ "$(uname -s)" = Darwin ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ]; then
                echo aarch64
            else
                echo x86_64
            fi
            ;;
        aarch64 | arm64) echo aarch64 ;;
        *)
            fail "there is no program for the architecture \"$(uname -m)\", only for x86_64 and aarch64" \
                "with Deno it runs where Deno does: see the README"
            ;;
    esac
}

check_glibc() {
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null) || found=$(ldd --version 2>&1 | head -n 1) || :
    case $found in
        *musl*) fail "this system has musl, and the program needs glibc 2.27 or newer" "Alpine and similar systems cannot run it" ;;
    esac
    number=$(printf '%s\n' "$found" | sed -n 's/.*[^0-9.]\([0-9][0-9]*\.[0-9][0-9]*\)[0-9.]*$/\1/p')
    [ -n "$number" ] || fail "cannot tell which glibc this system has, and the program needs 2.27 or newer"
    if [ "${number%%.*}" -lt 2 ] || { [ "${number%%.*}" -eq 2 ] && [ "${number#*.}" -lt 27 ]; }; then
        fail "this system has glibc $number, and the program needs 2.27 or newer" \
            "RHEL 8, Ubuntu 18.04, Amazon Linux 2023 and later have that"
    fi
}

# The URL of the release's files. Only loopback addresses may use plain http.
release_url() {
    base=${STSAVAL_DOWNLOAD_URL:-https://github.com/x/stsaval/releases}
    case $base in
        https://*) ;;
        http://127.0.0.1:*@* | http://localhost:*@*) fail "cannot download from \"$base\": it names a user" ;;
        http://127.0.0.1:* | http://localhost:*) ;;
        *) fail "cannot download from \"$base\": wanted a URL that begins with https://" ;;
    esac
    case $version in
        '') echo "${base%/}/latest/download" ;;
        *[!0-9A-Za-z.+-]*) fail "cannot install version \"$version\": wanted one such as 1.2.3" ;;
        *) echo "${base%/}/download/v${version#v}" ;;
    esac
}

download() {
    if command -v curl >/dev/null 2>&1; then
        case $1 in
            https:*) curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$2" "$1" ;;
            *) curl --fail --silent --show-error --output "$2" "$1" ;;
        esac
    elif command -v wget >/dev/null 2>&1; then
        download_with_wget "$1" "$2"
    else
        fail "cannot download: neither curl nor wget is installed"
    fi || fail "cannot download $1; nothing was installed"
}

# By itself wget follows a redirect from https to http (--https-only is for recursive downloads), so each hop is made and
# checked here. As with curl, redirects are followed from https to https alone.
download_with_wget() {
    hop=$1
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        status=0
        wget --max-redirect=0 --server-response --no-verbose --output-document="$2" "$hop" 2>"$work/headers" || status=$?
        [ "$status" -ne 0 ] || return 0
        next=$(sed -n 's/^ *[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]: *\([^[:space:]]*\).*$/\1/p' "$work/headers" | sed -n '$p')
        case $hop in
            https://*) ;;
            *) next='' ;;
        esac
        case $next in
            https://*) hop=$next ;;
            //*) hop=https:$next ;;
            /*) hop=$(printf '%s\n' "$hop" | sed 's|^\(https://[^/]*\).*|\1|')$next ;;
            '')
                sed -n '$p' "$work/headers" >&2
                return 1
                ;;
            *)
                printf 'install.sh: "%s" redirects to "%s", which is not https\n' "$hop" "$next" >&2
                return 1
                ;;
        esac
    done
    printf 'install.sh: "%s" redirects too often\n' "$1" >&2
    return 1
}

check_sum() {
    wanted=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$1\$/\1/p" "$work/SHA256SUMS")
    [ -n "$wanted" ] || fail "the release's SHA256SUMS has no line for $1; nothing was installed"
    if command -v sha256sum >/dev/null 2>&1; then
        sum=$(sha256sum <"$work/stsaval")
    elif command -v shasum >/dev/null 2>&1; then
        sum=$(shasum -a 256 <"$work/stsaval")
    elif command -v openssl >/dev/null 2>&1; then
        sum=$(openssl dgst -sha256 -r <"$work/stsaval")
    else
        fail "cannot check the download: neither sha256sum, shasum nor openssl is installed"
    fi
    [ "${sum%% *}" = "$wanted" ] ||
        fail "the download does not match the release: its SHA-256 is ${sum%% *}, wanted $wanted; nothing was installed"
}

# The attestation shows that the release workflow built the program from this source, wherever it was downloaded from.
check_origin() {
    if ! command -v gh >/dev/null 2>&1 || ! gh auth status >/dev/null 2>&1 || ! gh attestation --help >/dev/null 2>&1; then
        say "SHA256SUMS proves that the download is intact, not who built it. To check that, with GitHub's gh:"
        say "  gh attestation verify $prefix/bin/stsaval --repo x/stsaval"
    elif gh attestation verify "$work/stsaval" --repo x/stsaval >"$work/attestation" 2>&1; then
        say "The attestation is valid: x/stsaval built this program"
    else
        cat "$work/attestation" >&2
        fail "the program has no valid attestation of x/stsaval; nothing was installed" \
            "see 'gh attestation verify --help', or try again later if GitHub could not be reached"
    fi
}

# The program writes its own man page and completions, and the script stsaval-process, which the first versions did not
# have.
make_documents() {
    "$work/stsaval" help --process-script >"$work/stsaval-process" 2>/dev/null || rm -f "$work/stsaval-process"
    "$work/stsaval" help --man >"$work/stsaval.1" || fail "the program cannot print its man page; nothing was installed"
    for shell in bash zsh fish; do
        "$work/stsaval" completion "$shell" >"$work/$shell" ||
            fail "the program cannot print the completion for $shell; nothing was installed"
    done
}

documents() {
    echo "stsaval.1 share/man/man1/stsaval.1"
    echo "bash share/bash-completion/completions/stsaval"
    echo "zsh share/zsh/site-functions/_stsaval"
    echo "fish share/fish/vendor_completions.d/stsaval.fish"
}

# The program comes last: it is replaced only after everything else.
put_in_place() {
    documents | while read -r name place; do
        if ! { mkdir -p "$prefix/${place%/*}" && chmod 644 "$work/$name" && mv -f "$work/$name" "$prefix/$place"; }; then
            fail "cannot write \"$prefix/$place\"; the program was not installed"
        fi
    done
    # A script of another version would ask the program for what it does not know.
    rm -f "$prefix/bin/stsaval-process"
    if [ -e "$work/stsaval-process" ]; then
        chmod 755 "$work/stsaval-process"
        mv -f "$work/stsaval-process" "$prefix/bin/stsaval-process" || fail "cannot write \"$prefix/bin/stsaval-process\""
    fi
    mv -f "$work/stsaval" "$prefix/bin/stsaval" || fail "cannot write \"$prefix/bin/stsaval\""
}

remove_all() {
    [ -e "$prefix/bin/stsaval" ] || fail "there is no \"$prefix/bin/stsaval\"" "give the folder where it was installed with --prefix DIR"
    documents | while read -r _ place; do
        rm -f "$prefix/$place" || fail "cannot remove \"$prefix/$place\""
    done
    for name in stsaval-process stsaval; do
        rm -f "$prefix/bin/$name" || fail "cannot remove \"$prefix/bin/$name\""
    done
    say "Removed stsaval from $prefix. Its cache in ~/.aws/stsaval is still there."
}

main "$@"
