import type { Command, Commands } from './command.ts';

interface Found {
  readonly command: Command;
  readonly rest: readonly string[];
}

/** Number of words in the longest command name, such as `auth users add`. */
export const MAX_NAME_PARTS = 3;

/** Returns the command with the longest name that the words start with, and the remaining words. */
export function findCommand(commands: Commands, args: readonly string[]): Found | undefined {
  for (let count = Math.min(MAX_NAME_PARTS, args.length); count > 0; count -= 1) {
    const name = args.slice(0, count).join(' ');
    if (!Object.hasOwn(commands, name)) continue;
    const next = args[count] ?? '-';
    const goesOn = Object.keys(commands).some((other) => other.startsWith(`${name} `));
    // A command without arguments is followed by a mistyped subcommand.
    if (goesOn && !commands[name].takes && !next.startsWith('-')) return undefined;
    return { command: commands[name], rest: args.slice(count) };
  }
  return undefined;
}
