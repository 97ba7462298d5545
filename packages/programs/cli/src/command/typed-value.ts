import { parseJsonInput } from '@medkit/core/json';
import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';

/** Parses a typed value as JSON if possible (numbers, true, [1, 2], {"a": 1}, "5"), otherwise returns the text. */
export function typedValue(text: string): unknown {
  try {
    return parseJsonInput(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A leading bracket or quote is meant as JSON, so invalid JSON is an error.
    if (/^\s*[[{"]/.test(text)) throw new CommandFailed(`invalid JSON: ${text}`, ExitCode.usage);
    return text;
  }
}

/** Maximum nesting of names, as in `a.b.c=1`. */
const MAX_LEVELS = 16;

/**
 * Parses arguments: one JSON object, or `name=value` pairs, where `pose.position.x=2` sets a nested member. Returns `undefined`
 * if there are no words. Throws `CommandFailed`.
 */
export function typedArguments(args: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  if (args.length === 0) return undefined;
  if (args.length === 1 && args[0].trimStart().startsWith('{')) {
    return typedValue(args[0]) as Readonly<Record<string, unknown>>;
  }
  const root: Members = {};
  for (const word of args) {
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
