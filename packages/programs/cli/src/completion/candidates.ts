import type { CommandProgram, Commands } from '../command/command.ts';
import { findCommand } from '../command/find-command.ts';
import { type Candidate, robotNames } from './robot-names.ts';

const OPTION = /^ *(?:-(\w), )?--([a-z][a-z0-9-]*)( <[^>]+>)?(?: {2,}(.*))?$/gm;

/** Returns the words that may follow at the end of `line`. Empty if only the user can know. */
export async function candidates(
  commands: Commands,
  line: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Candidate[]> {
  const [, ...typed] = line.trimStart().split(/\s+/);
  const current = typed.pop() ?? '';
  const all = await choice(commands, typed, current, environment);
  return all.filter(({ word }) => word.startsWith(current));
}

async function choice(
  commands: Commands,
  typed: readonly string[],
  current: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Candidate[]> {
  const next = nextNames(commands, typed);
  const found = findCommand(commands, typed);
  if (found === undefined) return next;
  const known = await optionsOf(await found.command.load());
  if (current.startsWith('-')) return known;
  const { args, awaitsValue } = positionals(found.rest, known);
  if (awaitsValue) return [];
  const kind = found.command.takes?.[args.length] ?? repeated(found.command.takes, args.length);
  if (kind === undefined) return next;
  return [...next, ...(await robotNames({ kind, args, typed: found.rest, environment }))];
}

/** Returns the next words of command names that start with `typed`. */
function nextNames(commands: Commands, typed: readonly string[]): readonly Candidate[] {
  const before = typed.map((word) => `${word} `).join('');
  const aboutByWord = new Map<string, string>();
  for (const [name, { about }] of Object.entries(commands)) {
    if (!name.startsWith(before)) continue;
    const [word, ...rest] = name.slice(before.length).split(' ');
    if (!aboutByWord.has(word)) aboutByWord.set(word, rest.length === 0 ? about : '');
  }
  return [...aboutByWord].map(([word, about]) => ({ word, about }));
}

/** Returns the last kind for further arguments: it may repeat. */
function repeated<Kind>(takes: readonly Kind[] | undefined, position: number): Kind | undefined {
  return takes !== undefined && position >= takes.length ? takes.at(-1) : undefined;
}

/** Returns the words that are neither options nor their values, and whether the value of an option comes next. */
function positionals(rest: readonly string[], known: readonly KnownOption[]) {
  const withValue = new Set(
    known
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ word, letter }) => (letter ? [word, `-${letter}`] : [word])),
  );
  const args: string[] = [];
  let awaitsValue = false;
  for (const word of rest) {
    if (awaitsValue) awaitsValue = false;
    else if (word.startsWith('-')) awaitsValue = withValue.has(word);
    else args.push(word);
  }
  return { args, awaitsValue };
}

interface KnownOption {
  /** With its dashes. */
  readonly word: string;
  readonly letter: string | undefined;
  readonly takesValue: boolean;
  readonly about: string;
}

/** Reads the options of a command from its help, which lists one per line. */
async function optionsOf(program: CommandProgram): Promise<readonly KnownOption[]> {
  return [...(await program.help()).matchAll(OPTION)].map(([, letter, name, value, about = '']) => ({
    word: `--${name}`,
    letter,
    takesValue: value !== undefined,
    about,
  }));
}
