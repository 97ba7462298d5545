import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Option values as `util.parseArgs` returns them. */
export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

async function describeMistake(message: string, options: Options): Promise<string> {
  const unknown = /^Unknown option '-*([^']+)'/.exec(message)?.[1];
  if (unknown === undefined) return message.split('. ')[0];
  const { nearestName } = await import('@medkit/documents/nearest');
  const nearest = nearestName(unknown, Object.keys(options));
  return `unknown option --${unknown}. ${nearest === undefined ? 'See --help' : `Did you mean --${nearest}?`}`;
}

/** Parses the words after a command. Throws `CommandFailed`; for an unknown option it suggests the nearest one. */
export async function parseArguments(args: readonly string[], options: Options) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values: values as OptionValues, positionals };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new CommandFailed(await describeMistake(message, options), ExitCode.usage);
  }
}

/** Parses an integer option value from 0 to `max`. Throws `CommandFailed` for other values. */
export function readInteger(option: string, value: unknown, max: number): number {
  const text = String(value);
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= max) return number;
  throw new CommandFailed(`--${option}: expected an integer from 0 to ${max}, found "${text}"`, ExitCode.usage);
}

/** Throws `CommandFailed` if there are unexpected arguments. */
export function expectNoArguments(args: readonly string[]): void {
  if (args.length > 0) throw new CommandFailed(`unexpected argument "${args[0]}". See --help`, ExitCode.usage);
}
