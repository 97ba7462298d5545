import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { type Client, createClient, DEFAULT_GATEWAY_URL, InvalidGatewayUrl } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-words.ts';

/** Options that say which gateway is asked, and as whom. */
export const CONNECTION_OPTIONS = {
  url: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'client-id': { type: 'string' },
  timeout: { type: 'string' },
} as const;

export const CONNECTION_OPTION_LINES = [
  ['--url <address>', `the gateway: robot-01, robot-01:8080, https://… (MEDKIT_URL; default ${DEFAULT_GATEWAY_URL})`],
  ['--token-file <file>', 'file with the token that the gateway asks for (MEDKIT_TOKEN_FILE)'],
  ['--token <token>', 'the token itself, which others on this machine can see; better MEDKIT_TOKEN'],
  ['--client-id <name>', 'the name under which you hold locks (MEDKIT_CLIENT_ID; default <user>@<host>)'],
  ['--timeout <seconds>', 'how long an answer may take to begin (default 15)'],
] as const;

const DEFAULT_TIMEOUT_S = 15;
const MAX_TIMEOUT_S = 3600;

/** The gateway that options and environment name. Throws `CommandFailed`. */
export function connect(values: OptionValues, environment: NodeJS.ProcessEnv): Client {
  const token = tokenOf(values, environment);
  try {
    return createClient({
      url: given(values.url) ?? given(environment.MEDKIT_URL) ?? DEFAULT_GATEWAY_URL,
      clientId: given(values['client-id']) ?? given(environment.MEDKIT_CLIENT_ID) ?? ownName(),
      timeoutMs: timeoutS(values.timeout) * 1000,
      ...(token !== undefined && { token }),
    });
  } catch (error) {
    if (error instanceof InvalidGatewayUrl) throw new CommandFailed(`--url: ${error.message}`, ExitCode.usage);
    throw error;
  }
}

/** An option on the command line counts before the environment, the token itself before a file. */
function tokenOf(values: OptionValues, environment: NodeJS.ProcessEnv): string | undefined {
  const typed = given(values.token);
  if (typed !== undefined) return typed;
  const file = given(values['token-file']);
  if (file !== undefined) return tokenIn(file);
  const { MEDKIT_TOKEN, MEDKIT_TOKEN_FILE } = environment;
  return (
    given(MEDKIT_TOKEN) ?? (given(MEDKIT_TOKEN_FILE) === undefined ? undefined : tokenIn(String(MEDKIT_TOKEN_FILE)))
  );
}

function tokenIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandFailed(`the token cannot be read: ${(error as Error).message}`, ExitCode.usage);
  }
  if (!/^\S+$/.test(text)) throw new CommandFailed(`${file} has no token: one word is expected`, ExitCode.usage);
  return text;
}

function timeoutS(value: OptionValues[string]): number {
  if (value === undefined) return DEFAULT_TIMEOUT_S;
  const seconds = Number(value);
  if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds;
  throw new CommandFailed(`--timeout: expected seconds from 0 to ${MAX_TIMEOUT_S}, found "${value}"`, ExitCode.usage);
}

/** The same with every call, so that a lock can be given back. A header takes no other characters. */
function ownName(): string {
  return `${userName()}@${hostname()}`.replaceAll(/[^\x21-\x7e]/g, '_');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container whose user has no name.
    return `uid${process.getuid?.() ?? ''}`;
  }
}

function given(value: OptionValues[string]): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
