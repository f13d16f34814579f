#!/bin/sh
# Installs or updates okta-aws: curl -fsSL https://github.com/okta-aws/okta-aws/releases/latest/download/install.sh | sh
#
#   OKTA_AWS_VERSION      version, as 1.2.3 (default: the latest)
#   OKTA_AWS_INSTALL_DIR  folder to install to (default: ~/.local/bin)
#   OKTA_AWS_RELEASE_URL  mirror of the releases page
#
# Installs the binary only after its checksum matches and it has run once. Needs no sudo.

# All code is in functions and the last line calls them, so a partial download does nothing.

if [ -n "${ZSH_VERSION:-}" ]; then emulate sh; fi
set -eu

# The folder that clean() removes: set before any trap, so that it can't come from the environment.
temporary=

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
  if [ -n "$temporary" ]; then rm -rf "$temporary"; fi
}

# Sets asset: the name of the binary for this machine in a release.
find_asset() {
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    MINGW* | MSYS* | CYGWIN*)
      fail "this script does not support Windows" "run in PowerShell: irm $RELEASES/latest/download/install.ps1 | iex" ;;
    *) fail "there is no binary for $(uname -s)" "supported: Linux, macOS, Windows" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no binary for $(uname -m)" "supported: x86-64, ARM64" ;;
  esac
  if [ "$system" = linux ]; then
    check_libc
    if [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 32 ]; then
      fail "this system is 32-bit" "use a 64-bit system"
    fi
  elif [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then
    # In a shell under Rosetta, uname prints x86_64.
    machine=arm64
  fi
  asset=okta-aws-$system-$machine
}

check_libc() {
  case $(ldd --version 2>&1 || true) in
    *musl*)
      fail "the binary needs glibc, but this system has musl" \
        "in a container, use an image with glibc, such as debian:stable-slim" \
        "on Alpine, run apk add deno and run okta-aws from source (README.md)" ;;
  esac
}

refuse_url() {
  fail "OKTA_AWS_RELEASE_URL must start with https://"
}

# Sets from: the base URL of the files of the release.
find_release() {
  releases=${OKTA_AWS_RELEASE_URL:-$RELEASES}
  releases=${releases%/}
  # Without TLS, anyone on the network could replace the files and the checksums. Loopback is for tests.
  case $releases in
    https://*) protocols='=https' ;;
    http://*)
      # The host as a whole: that of http://localhost:80@example.com/ is example.com.
      host=${releases#http://}
      host=${host%%/*}
      port=${host##*:}
      case $port in
        *[!0-9]*) ;;
        *) host=${host%":$port"} ;;
      esac
      case $host in
        127.0.0.1 | localhost | '[::1]') protocols='=http,https' ;;
        *) refuse_url ;;
      esac ;;
    *) refuse_url ;;
  esac
  version=${OKTA_AWS_VERSION:-}
  version=${version#v}
  case $version in
    '' | latest) from=$releases/latest/download ;;
    *[!0-9A-Za-z.+-]*) fail "OKTA_AWS_VERSION is not a valid version" "set it to a version such as 1.2.3" ;;
    *) from=$releases/download/v$version ;;
  esac
}

# wget reads only the lower-case names, and so does curl for http.
export_proxies() {
  http_proxy=${http_proxy:-${HTTP_PROXY:-}}
  https_proxy=${https_proxy:-${HTTPS_PROXY:-}}
  no_proxy=${no_proxy:-${NO_PROXY:-}}
  if [ -n "$http_proxy" ]; then export http_proxy; else unset http_proxy; fi
  if [ -n "$https_proxy" ]; then export https_proxy; else unset https_proxy; fi
  if [ -n "$no_proxy" ]; then export no_proxy; else unset no_proxy; fi
}

download() {
  if has curl; then
    if [ -t 2 ]; then show=--progress-bar; else show=--silent; fi
    curl --fail "$show" --show-error --location --proto "$protocols" --proto-redir "$protocols" \
      --retry 3 --connect-timeout 20 --speed-limit 1 --speed-time 60 --output "$2" "$1"
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    fail "curl or wget is required" "install one of them"
  fi
}

download_or_fail() {
  download "$1" "$2" || fail "could not download $1" \
    "behind a proxy, set https_proxy; for your own certificate authority, set SSL_CERT_FILE" \
    "check that the version exists: $releases"
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
    fail "sha256sum, shasum or openssl is required" "install coreutils or openssl"
  expected=
  # read fails for a last line without a newline, but sets the variables.
  while read -r sum file || [ -n "$sum" ]; do
    if [ "${file#\*}" = "$2" ]; then expected=$sum; fi
  done <"$temporary/SHA256SUMS"
  if [ -z "$expected" ]; then
    fail "the release has no $2" "check the releases: $releases"
  fi
  if [ "$(sum_of "$1")" != "$expected" ]; then
    fail "the checksum of $2 does not match: nothing was installed" \
      "try again; if it fails again, report it: someone may have changed the file"
  fi
}

# Replaces the binary in one step, so that nobody can run a partial file.
install_binary() {
  target=$directory/okta-aws
  if [ -d "$target" ]; then fail "$target is a folder" "set OKTA_AWS_INSTALL_DIR to another folder"; fi
  mkdir -p "$directory" || fail "could not create $directory" "set OKTA_AWS_INSTALL_DIR to another folder"
  # In the same file system, so that mv is one step.
  temporary=$(mktemp -d "$directory/.okta-aws.XXXXXX") ||
    fail "could not write to $directory" "set OKTA_AWS_INSTALL_DIR to another folder"
  say "downloading $from/$asset.gz"
  download_or_fail "$from/SHA256SUMS" "$temporary/SHA256SUMS"
  download_or_fail "$from/$asset.gz" "$temporary/$asset.gz"
  check_sum "$temporary/$asset.gz" "$asset.gz"
  gzip -dc "$temporary/$asset.gz" >"$temporary/okta-aws" || fail "could not unpack the binary" "try again"
  chmod 755 "$temporary/okta-aws"
  installed=$("$temporary/okta-aws" --version </dev/null) ||
    fail "the binary does not run on this system: nothing was installed" \
      "it needs glibc 2.27 or newer on Linux, or macOS 12 or newer" \
      "if $directory is mounted noexec, set OKTA_AWS_INSTALL_DIR to another folder"
  before=
  if [ -x "$target" ]; then before=$("$target" --version 2>/dev/null </dev/null) || before=; fi
  mv -f "$temporary/okta-aws" "$target"
  install_manual
  if [ -n "$before" ] && [ "$before" != "$installed" ]; then
    say "installed $installed as $target (was $before)"
  else
    say "installed $installed as $target"
  fi
}

# man looks in share/man next to each bin folder of PATH. Older versions print no manual.
install_manual() {
  manual=
  case $directory in */bin) ;; *) return 0 ;; esac
  pages=${directory%/bin}/share/man/man1
  page=$temporary/okta-aws.1
  "$target" help man >"$page" 2>/dev/null </dev/null && read -r first <"$page" || return 0
  case $first in .TH*) ;; *) return 0 ;; esac
  if mkdir -p "$pages" 2>/dev/null && chmod 644 "$page" && mv -f "$page" "$pages/" 2>/dev/null; then
    manual=$pages/okta-aws.1
  fi
}

say_path() {
  case :${PATH:-}: in
    *":$directory:"*)
      found=$(command -v okta-aws || true)
      if [ "$found" != "$target" ]; then say "warning: $found comes first in your PATH"; fi
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
  say "get started:  okta-aws init"
  files="'$target'"
  if [ -n "$manual" ]; then
    say "manual:       man okta-aws"
    files="$files '$manual'"
  fi
  say "completion:   okta-aws completions bash|zsh|fish (the first line says how to use it)"
  say "verify:       gh attestation verify $target --repo $REPOSITORY"
  say "update:       run this script again"
  say "uninstall:    okta-aws signout --all --forget; rm $files; rm -r ~/.config/okta-aws"
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
