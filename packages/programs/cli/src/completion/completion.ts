import type { CommandProgram, Commands } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { plainLine } from '../terminal/display-width.ts';
import { completionScript, SHELLS, type Shell } from './scripts.ts';

/** Subcommand by which a script requests candidates: `medkit completion words '<line>'`. Not meant for users. */
const ASK = 'words';

/** `medkit completion`: prints the completion script of a shell. */
export const completionOf = (commands: Commands): CommandProgram => ({
  help: () =>
    helpText({
      usage: 'completion bash|zsh|fish',
      about: [
        'Prints the completion script of a shell. The script completes commands, options, and ids of entities, topics,',
        'operations and other resources. It requests the ids from the gateway (MEDKIT_URL) and waits at most 0.3 s.',
        '',
        'Setup:',
        '  bash   source <(medkit completion bash)            in ~/.bashrc',
        '  zsh    source <(medkit completion zsh)             in ~/.zshrc, after compinit',
        '  fish   medkit completion fish > ~/.config/fish/completions/medkit.fish',
      ],
    }),

  async run([what, line = '', ...others]) {
    if (what === ASK) {
      const { candidates } = await import('./candidates.ts');
      for (const { word, about } of await candidates(commands, line, process.env)) {
        // A name with control characters cannot be typed, and a terminal would interpret them.
        if (plainLine(word) === word) console.log(`${word}\t${plainLine(about)}`);
      }
      return ExitCode.ok;
    }
    if (!isShell(what) || line !== '' || others.length > 0) {
      throw new CommandFailed(`expected one shell: ${SHELLS.join(', ')}`, ExitCode.usage);
    }
    process.stdout.write(completionScript(what, commands));
    return ExitCode.ok;
  },
});

function isShell(word: string | undefined): word is Shell {
  return (SHELLS as readonly (string | undefined)[]).includes(word);
}
