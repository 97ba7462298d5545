import type { Commands } from '../command/command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Bash splits words at colons, equals signs and at signs, so the script removes the part before them from each candidate. Bash
 * inserts candidates verbatim, so the script quotes them: a name must not become a command.
 */
const bash = (names: string): string => `# Completion of medkit for bash: source <(medkit completion bash)
_medkit() {
  local line=\${COMP_LINE:0:COMP_POINT} found
  local word=\${line##*[[:space:]]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 && $word != -* ]]; then
    COMPREPLY=($(compgen -W '${names}' -- "$word"))
    return
  fi
  while IFS=$'\\t' read -r found _; do
    printf -v found %q "\${found#"\${word%"\${word##*[:=@]}"}"}"
    COMPREPLY+=("$found")
  done < <(medkit completion words "$line" 2>/dev/null)
}
complete -o default -F _medkit medkit
`;

const ZSH = `#compdef medkit
# Completion of medkit for zsh: source <(medkit completion zsh)
_medkit() {
  local line found
  local -a candidates
  for line in "\${(@f)$(medkit completion words "\${(j: :)words[1,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    found=\${line%%$'\\t'*}
    candidates+=("\${found//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then
    _describe medkit candidates
  else
    _files
  fi
}
(( $+functions[compdef] )) && compdef _medkit medkit
`;

const FISH = `# Completion of medkit for fish: medkit completion fish > ~/.config/fish/completions/medkit.fish
function __medkit_words
    set -l found (medkit completion words (commandline -cp | string collect) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c medkit -f -a '(__medkit_words)'
`;

/** Returns the script of a shell. It gets its candidates from `medkit completion words`, one per line. */
export function completionScript(shell: Shell, commands: Commands): string {
  // The bash script contains the first words of all commands, so that completing them starts no process.
  if (shell === 'bash') return bash([...new Set(Object.keys(commands).map((name) => name.split(' ')[0]))].join(' '));
  return shell === 'zsh' ? ZSH : FISH;
}
