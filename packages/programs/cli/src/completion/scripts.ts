import type { Commands } from '../command/command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A word may have a colon, an equals sign or an at sign, where bash begins another one: what stands before it is there already. Bash puts
 * words into the line as they are, so they are quoted: a name must not become a command.
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

/** The script of a shell. It asks `medkit completion words` with the line so far: one word and what it is about a line. */
export function completionScript(shell: Shell, commands: Commands): string {
  // Bash is told the first words of the commands, so that these need no process to be started.
  if (shell === 'bash') return bash([...new Set(Object.keys(commands).map((name) => name.split(' ')[0]))].join(' '));
  return shell === 'zsh' ? ZSH : FISH;
}
