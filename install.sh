#!/bin/sh
# Installs okta-aws, or brings it up to date: curl -fsSL https://github.com/okta-aws/okta-aws/releases/latest/download/install.sh | sh
#
#   OKTA_AWS_VERSION      which version (1.2.3); the newest where this is not set
#   OKTA_AWS_INSTALL_DIR  where to (~/.local/bin)
#   OKTA_AWS_RELEASE_URL  a mirror of the releases page
#
# Nothing is placed before its checksum fits and it has run. No sudo.

# Everything stands in functions, and the last line calls them: half a script does nothing.

if [ -n "${ZSH_VERSION:-}" ]; then emulate sh; fi
set -eu

RELEASES=https://github.com/okta-aws/okta-aws/releases
REPOSITORY=okta-aws/okta-aws

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "install.sh: $1"
  shift
  for hint in "$@"; do say "  $hint"; done
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

clean() {
  if [ -n "${temporary:-}" ]; then rm -rf "$temporary"; fi
}

# Sets asset: what a release calls the binary for this machine.
find_asset() {
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    MINGW* | MSYS* | CYGWIN*)
      fail "this is Windows" "in PowerShell: irm $RELEASES/latest/download/install.ps1 | iex" ;;
    *) fail "there is no binary for $(uname -s)" "Linux, macOS and Windows have one" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no binary for $(uname -m)" "x86-64 and ARM64 have one" ;;
  esac
  if [ "$system" = linux ]; then
    refuse_musl
    if [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 32 ]; then
      fail "this system is 32-bit, on a 64-bit processor" "the binaries need a 64-bit system"
    fi
  elif [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then
    # A shell under Rosetta says x86_64.
    machine=arm64
  fi
  asset=okta-aws-$system-$machine
}

refuse_musl() {
  case $(ldd --version 2>&1 || true) in
    *musl*)
      fail "this system has musl in place of glibc, which the binary needs" \
        "in a container, use an image with glibc: debian:stable-slim" \
        "on Alpine itself: apk add deno, and run okta-aws from its source (README.md)" ;;
  esac
}

# Sets from: the address that the release's files are below.
find_release() {
  releases=${OKTA_AWS_RELEASE_URL:-$RELEASES}
  releases=${releases%/}
  # A mirror without TLS could hand out anything, checksums too; a test server is on this machine.
  case $releases in
    https://*) protocols='=https' ;;
    http://127.0.0.1[:/]* | http://localhost[:/]* | 'http://[::1]'[:/]*) protocols='=http,https' ;;
    *) fail "OKTA_AWS_RELEASE_URL has to begin with https://" ;;
  esac
  version=${OKTA_AWS_VERSION:-}
  version=${version#v}
  case $version in
    '' | latest) from=$releases/latest/download ;;
    *[!0-9A-Za-z.+-]*) fail "OKTA_AWS_VERSION is no version" "give it as 1.2.3" ;;
    *) from=$releases/download/v$version ;;
  esac
}

# wget reads the lower-case names alone, and so does curl for http.
export_proxies() {
  http_proxy=${http_proxy:-${HTTP_PROXY:-}}
  https_proxy=${https_proxy:-${HTTPS_PROXY:-}}
  no_proxy=${no_proxy:-${NO_PROXY:-}}
  if [ -n "$http_proxy" ]; then export http_proxy; else unset http_proxy; fi
  if [ -n "$https_proxy" ]; then export https_proxy; else unset https_proxy; fi
  if [ -n "$no_proxy" ]; then export no_proxy; else unset no_proxy; fi
}

fetch() {
  if has curl; then
    if [ -t 2 ]; then show=--progress-bar; else show=--silent; fi
    curl --fail "$show" --show-error --location --proto "$protocols" --proto-redir "$protocols" \
      --retry 3 --connect-timeout 20 --speed-limit 1 --speed-time 60 --output "$2" "$1"
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    fail "neither curl nor wget is there" "install one of them"
  fi
}

fetch_or_fail() {
  fetch "$1" "$2" || fail "$1 could not be fetched" \
    "a proxy is taken from https_proxy, a certificate authority from SSL_CERT_FILE" \
    "is there such a version? $releases"
}

# Prints the SHA-256 of a file.
sum_of() {
  if has sha256sum; then
    sum=$(sha256sum "$1")
  elif has shasum; then
    sum=$(shasum -a 256 "$1")
  elif has openssl; then
    sum=$(openssl dgst -sha256 -r "$1")
  else
    sum=
  fi
  printf '%s\n' "${sum%% *}"
}

check_sum() {
  has sha256sum || has shasum || has openssl ||
    fail "no program for SHA-256 is there" "install coreutils or openssl"
  expected=
  while read -r sum file; do
    if [ "${file#\*}" = "$2" ]; then expected=$sum; fi
  done <"$temporary/SHA256SUMS"
  if [ -z "$expected" ]; then
    fail "the release has no $2" "see what there is: $releases"
  fi
  if [ "$(sum_of "$1")" != "$expected" ]; then
    fail "the checksum of $2 is wrong: nothing has been installed" \
      "try once more; if it stays wrong, somebody may have changed the file: please report it"
  fi
}

# Places the binary in one step: whoever runs it meanwhile has the old one or the new one, whole.
install_binary() {
  target=$directory/okta-aws
  if [ -d "$target" ]; then fail "$target is a folder" "set OKTA_AWS_INSTALL_DIR"; fi
  mkdir -p "$directory" || fail "$directory can't be made" "set OKTA_AWS_INSTALL_DIR"
  # In the same file system, so that it can be moved in one step.
  temporary=$(mktemp -d "$directory/.okta-aws.XXXXXX") ||
    fail "$directory can't be written to" "set OKTA_AWS_INSTALL_DIR to a folder of yours"
  say "fetching $from/$asset.gz"
  fetch_or_fail "$from/SHA256SUMS" "$temporary/SHA256SUMS"
  fetch_or_fail "$from/$asset.gz" "$temporary/$asset.gz"
  check_sum "$temporary/$asset.gz" "$asset.gz"
  gzip -dc "$temporary/$asset.gz" >"$temporary/okta-aws" || fail "the binary can't be unpacked"
  chmod 755 "$temporary/okta-aws"
  installed=$("$temporary/okta-aws" --version </dev/null) ||
    fail "the binary does not run on this system: nothing has been installed" \
      "it needs glibc 2.27 or newer on Linux, macOS 12 or newer, and a folder to run programs from"
  before=
  if [ -x "$target" ]; then before=$("$target" --version 2>/dev/null </dev/null) || before=; fi
  mv -f "$temporary/okta-aws" "$target"
  if [ -n "$before" ] && [ "$before" != "$installed" ]; then
    say "$target: $installed, in place of $before"
  else
    say "$target: $installed"
  fi
}

say_path() {
  case :${PATH:-}: in
    *":$directory:"*)
      found=$(command -v okta-aws || true)
      if [ "$found" != "$target" ]; then say "another one comes first in your PATH: $found"; fi
      return ;;
  esac
  say ""
  say "$directory is not in your PATH yet:"
  case ${SHELL:-} in
    */fish) say "  fish_add_path '$directory'" ;;
    */zsh) say "  echo 'export PATH=\"$directory:\$PATH\"' >>~/.zshrc && exec zsh" ;;
    */bash) say "  echo 'export PATH=\"$directory:\$PATH\"' >>~/.bashrc && exec bash" ;;
    *) say "  export PATH=\"$directory:\$PATH\"" ;;
  esac
}

say_more() {
  say ""
  say "begin:      okta-aws init"
  say "complete:   okta-aws completions bash|zsh|fish (what to do with it stands in its first line)"
  say "verify:     gh attestation verify $target --repo $REPOSITORY"
  say "update:     run this once more"
  say "uninstall:  okta-aws signout --all --forget; rm '$target'; rm -r ~/.config/okta-aws"
}

main() {
  directory=${OKTA_AWS_INSTALL_DIR:-${HOME:?HOME is not set}/.local/bin}
  case $directory in
    /*) ;;
    *) directory=$PWD/$directory ;;
  esac
  directory=${directory%/}
  trap clean EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  find_asset
  find_release
  export_proxies
  install_binary
  say_path
  say_more
}

main
