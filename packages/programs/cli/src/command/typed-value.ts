import { parseJsonInput } from '@medkit/core/json';
import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';

/** What a person typed as a value: JSON where it is (numbers, true, [1, 2], {"a": 1}, "5"), otherwise the text itself. */
export function typedValue(text: string): unknown {
  try {
    return parseJsonInput(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A bracket that was begun is a mistake, not a text.
    if (/^\s*[[{"]/.test(text)) throw new CommandFailed(`invalid JSON: ${text}`, ExitCode.usage);
    return text;
  }
}

/** Levels of names in `a.b.c=1`. */
const MAX_LEVELS = 16;

/**
 * Arguments as they are typed: one JSON object, or `name=value` any number of times, where `pose.position.x=2` sets a member
 * of a member. Gives `undefined` for no words. Throws `CommandFailed`.
 */
export function typedArguments(words: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  if (words.length === 0) return undefined;
  if (words.length === 1 && words[0].trimStart().startsWith('{')) {
    return typedValue(words[0]) as Readonly<Record<string, unknown>>;
  }
  const root: Members = {};
  for (const word of words) {
    const [, path, text] = /^([^=\s]+)=(.*)$/s.exec(word) ?? [];
    if (path === undefined) {
      throw new CommandFailed(`invalid argument "${word}": expected name=value, or one JSON object`, ExitCode.usage);
    }
    setMember(root, path.split('.'), typedValue(text), word);
  }
  return root;
}

interface Members {
  [name: string]: unknown;
}

function setMember(root: Members, names: readonly string[], value: unknown, word: string): void {
  const wrong = names.length > MAX_LEVELS || names.some((name) => name === '' || name === '__proto__');
  if (wrong)
    throw new CommandFailed(
      `invalid argument "${word}": expected at most ${MAX_LEVELS} names, none of them empty, before the =`,
      ExitCode.usage,
    );
  let members = root;
  for (const name of names.slice(0, -1)) {
    if (!Object.hasOwn(members, name)) members[name] = {};
    const next = members[name];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) {
      throw new CommandFailed(
        `invalid argument "${word}": another argument sets a value for ${name} itself`,
        ExitCode.usage,
      );
    }
    members = next as Members;
  }
  members[names.at(-1) ?? ''] = value;
}
