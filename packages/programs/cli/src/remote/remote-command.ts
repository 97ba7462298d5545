import type { Client } from '@medkit/client';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { type OptionValues, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from './ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS, HUB_OPTION_LINES } from './connection.ts';

/** Input of a command that sends requests to a gateway. */
export interface Remote {
  readonly client: Client;
  /** Arguments without options. */
  readonly args: readonly string[];
  readonly values: OptionValues;
  /** True for JSON output: unmodified documents, one per line. */
  readonly json: boolean;
}

export interface RemoteProgram {
  /** `faults show <code>`, with optional arguments in brackets. */
  readonly usage: string;
  readonly about: readonly string[];
  /** Options of this command: help text, argument and optional short form. */
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** Example command lines without `medkit`, and what they do. */
  readonly examples?: readonly (readonly [string, string])[];
  /** True for a command that asks the hub itself, also if `MEDKIT_ROBOT` names a robot; it has no option `--robot`. */
  readonly asksHub?: boolean;
  run(remote: Remote): Promise<number>;
}

export interface CommandOption {
  /** Placeholder of the value, such as `<seconds>`; absent for a flag. */
  readonly takes?: string;
  readonly short?: string;
  readonly about: string;
}

/** Creates a command that sends requests to a gateway, with shared options, help and error handling. */
export function remoteCommand(program: RemoteProgram): CommandProgram {
  const { usage, about, options = {}, examples = [], asksHub = false, run } = program;
  const { robot, ...ofGateway } = CONNECTION_OPTIONS;
  const parsed = {
    ...(asksHub ? ofGateway : CONNECTION_OPTIONS),
    json: { type: 'boolean' },
    ...Object.fromEntries(
      Object.entries(options).map(([name, { takes, short }]) => [
        name,
        { type: takes === undefined ? 'boolean' : 'string', ...(short && { short }) } as const,
      ]),
    ),
  } as const;
  const { least, most } = countsOf(usage);

  return {
    help() {
      const optionLines = Object.entries(options).map(
        ([name, { takes, short, about }]) =>
          [`${short ? `-${short}, ` : ''}--${name}${takes ? ` ${takes}` : ''}`, about] as const,
      );
      return helpText({
        usage,
        about,
        options: [...optionLines, ['--json', 'print the response of the gateway as JSON']],
        connection: asksHub ? HUB_OPTION_LINES : CONNECTION_OPTION_LINES,
        examples,
      });
    },

    async run(typed) {
      const { values, positionals } = await parseArguments(typed, parsed);
      if (positionals.length < least) {
        const text = `missing argument. Usage: ${invocation(process.env)} ${usage}`;
        throw new CommandFailed(text, ExitCode.usage);
      }
      if (positionals.length > most) {
        throw new CommandFailed(`unexpected argument "${positionals[most]}". See --help`, ExitCode.usage);
      }
      const ask = (client: Client) => run({ client, args: positionals, values, json: values.json === true });
      const { MEDKIT_ROBOT: _, ...environment } = process.env;
      return askGateway(values, ask, asksHub ? environment : process.env);
    },
  };
}

/** Minimum and maximum number of arguments in a usage: `<required>`, `[optional]`, `…` for any number. */
function countsOf(usage: string): { readonly least: number; readonly most: number } {
  const least = usage.match(/(?<!\[[^\]]*)<[^>]+>/g)?.length ?? 0;
  const optional = usage.match(/\[[^\]]+\]/g)?.length ?? 0;
  return { least, most: usage.includes('…') ? Number.POSITIVE_INFINITY : least + optional };
}
