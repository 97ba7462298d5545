import type { Command, Commands } from './command.ts';

interface Found {
  readonly command: Command;
  readonly rest: readonly string[];
}

/** The command that the words begin with, the longest name first, and the words after it. */
export function findCommand(commands: Commands, words: readonly string[]): Found | undefined {
  const [first, second = '-'] = words;
  const both = `${first} ${second}`;
  if (Object.hasOwn(commands, both)) return { command: commands[both], rest: words.slice(2) };
  const takesSecond = Object.keys(commands).some((name) => name.startsWith(`${first} `));
  if (!Object.hasOwn(commands, first)) return undefined;
  if (takesSecond && !commands[first].takes && !second.startsWith('-')) return undefined;
  return { command: commands[first], rest: words.slice(1) };
}
