import type { Command, Commands } from './command.ts';

interface Found {
  readonly command: Command;
  readonly rest: readonly string[];
}

/** Words of the longest name: `auth users add`. */
export const MAX_NAME_WORDS = 3;

/** The command that the words begin with, the longest name first, and the words after it. */
export function findCommand(commands: Commands, words: readonly string[]): Found | undefined {
  for (let count = Math.min(MAX_NAME_WORDS, words.length); count > 0; count -= 1) {
    const name = words.slice(0, count).join(' ');
    if (!Object.hasOwn(commands, name)) continue;
    const next = words[count] ?? '-';
    const goesOn = Object.keys(commands).some((other) => other.startsWith(`${name} `));
    // A word behind it that it has no use for is a name that was mistyped.
    if (goesOn && !commands[name].takes && !next.startsWith('-')) return undefined;
    return { command: commands[name], rest: words.slice(count) };
  }
  return undefined;
}
