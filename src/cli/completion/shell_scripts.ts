/**
 * The shells' completion scripts. Each passes the typed words to `okta-aws __complete` and offers
 * what that prints: a word and its brief per line, or `:files`. So they need no update.
 *
 * @module
 */

/** The shells with a script. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export type CompletionShell = typeof SHELLS[number];

// Bash 3.2 (macOS) has neither mapfile nor compopt. Readline breaks words at : and =, which our names
// contain, so the script splits the line itself and cuts what is before the last break.
const BASH = String.raw`# okta-aws completion for bash: eval "$(okta-aws completions bash)"
_okta_aws() {
  local line=\${COMP_LINE:0:COMP_POINT} words current word rest break cut at
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == -- ]] || continue
    if declare -F _command_offset >/dev/null; then
      _command_offset $((at + 1))
      return
    fi
    local kind=-f
    ((at + 1 == COMP_CWORD)) && kind=-c
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$kind" -- "$current")
    return
  done
  cut=""
  for break in : = @; do
    [[ $COMP_WORDBREAKS == *$break* && $current == *$break* ]] || continue
    rest=\${current%"\${current##*"$break"}"}
    ((\${#rest} > \${#cut})) && cut=$rest
  done
  while IFS=$'\t' read -r word rest; do
    if [[ $word == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "\${current#--*=}")
      return
    fi
    # A name that only contains what is typed can't replace the part after the break.
    [[ $word == "$cut"* ]] && COMPREPLY+=("\${word#"$cut"}")
  done < <("\${words[0]/#\~/$HOME}" __complete "\${words[@]:1}" 2>/dev/null)
  ((\${#COMPREPLY[@]} > 1)) || return 0
  # Readline puts what all names begin with in place of what is typed, even if that is less. A blank
  # in the list keeps it from doing so.
  rest=\${COMPREPLY[0]}
  for word in "\${COMPREPLY[@]}"; do
    while [[ $word != "$rest"* ]]; do rest=\${rest%?}; done
  done
  [[ $rest == *"\${current#"$cut"}"* ]] || COMPREPLY+=(" ")
}
complete -F _okta_aws okta-aws
`;

const ZSH = String.raw`#compdef okta-aws
# okta-aws completion for zsh: source <(okta-aws completions zsh), after compinit;
# or save it as a file _okta-aws in a folder of $fpath
_okta-aws() {
  local -a offered
  local word brief at=\${words[(i)--]}
  if ((at < CURRENT)); then
    # Complete exec's command as a command of its own.
    shift $at words
    ((CURRENT -= at))
    _normal
    return
  fi
  while IFS=$'\t' read -r word brief; do
    if [[ $word == :files ]]; then
      compset -P '--*='
      _files
      return
    fi
    offered+=("\${word//:/\\:}:$brief")
  done < <("\${(Q)words[1]/#\~/$HOME}" __complete "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  # Keeps names that contain what is typed, in any case.
  _describe okta-aws offered -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]} l:|=* r:|=*'
}
if [[ $funcstack[1] == _okta-aws ]]; then
  _okta-aws "$@"
else
  compdef _okta-aws okta-aws
fi
`;

const FISH = String.raw`# okta-aws completion for fish: okta-aws completions fish | source
function __okta_aws_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    if set -l at (contains -i -- -- $typed)
        # Complete exec's command as a command of its own.
        set -l words (string escape -- $typed[(math $at + 1)..-1]) "$current"
        complete -C (string join ' ' -- $words)
        return
    end
    for line in ($typed[1] __complete $typed[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (string replace -r -- '^--[^=]*=' '' "$current")
            return
        end
        echo $line
    end
end
complete -c okta-aws -f -a '(__okta_aws_complete)'
`;

// Some PowerShells drop an empty argument, so this sends "" instead.
const POWERSHELL = String.raw`# okta-aws completion for PowerShell:
# okta-aws completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName okta-aws -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $typed += '""' }
    $words = @($typed | Select-Object -Skip 1)
    & $typed[0] __complete @words 2>$null | ForEach-Object {
        $word, $brief = $_ -split "\t", 2
        if ($word -eq ':files') { return }
        if (-not $brief) { $brief = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $brief)
    }
}
`;

const SCRIPTS: Record<CompletionShell, string> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};

export function completionScript(shell: CompletionShell): string {
  // In a raw template an escaped dollar brace keeps its backslash.
  return SCRIPTS[shell].replaceAll("\\${", "${");
}
