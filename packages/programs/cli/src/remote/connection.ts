import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import {
  type Client,
  createClient,
  DEFAULT_GATEWAY_URL,
  gatewayUrl,
  InvalidGatewayUrl,
  type Send,
} from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { CERTIFICATE_OPTION_LINES, CERTIFICATE_OPTIONS, clientCertificateSend } from './client-certificate.ts';
import { isOfProvider, type StoredTokens, storedCredential } from './credential-store.ts';
import { withRenewedLogin } from './renewed-login.ts';
import { withStaleNotice } from './stale-notice.ts';
import { TRUST_OPTION_LINES, TRUST_OPTIONS } from './trust.ts';

/** Options that select the gateway and the credential. */
export const CONNECTION_OPTIONS = {
  url: { type: 'string' },
  robot: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'client-id': { type: 'string' },
  timeout: { type: 'string' },
  ...TRUST_OPTIONS,
  ...CERTIFICATE_OPTIONS,
} as const;

const DEFAULT_TIMEOUT_S = 15;
const MAX_TIMEOUT_S = 3600;

/** Help for these options without `--url`. */
export const IDENTITY_OPTION_LINES = [
  [
    '--token-file <file>',
    'file with the API key or token (env MEDKIT_TOKEN_FILE; default: the credential stored by `login`)',
  ],
  ['--token <token>', 'API key or token; visible to other users of this machine, so prefer MEDKIT_TOKEN or a file'],
  [
    '--client-id <name>',
    'name under which you hold locks and change incidents (env MEDKIT_CLIENT_ID; default <user>@<host>)',
  ],
  [
    '--timeout <seconds>',
    `maximum wait for the start of a response (default ${DEFAULT_TIMEOUT_S}, at most ${MAX_TIMEOUT_S})`,
  ],
  ...TRUST_OPTION_LINES,
  ...CERTIFICATE_OPTION_LINES,
] as const;

export const CONNECTION_OPTION_LINES = [
  [
    '--url <address>',
    `address of the gateway: robot-01, robot-01:8080, https://… (env MEDKIT_URL; default ${DEFAULT_GATEWAY_URL})`,
  ],
  ['--robot <name>', 'robot of a fleet hub: the command asks this robot through the hub (env MEDKIT_ROBOT)'],
  ...IDENTITY_OPTION_LINES,
] as const;

/** Help for commands that ask a hub itself. */
export const HUB_OPTION_LINES = CONNECTION_OPTION_LINES.filter(([option]) => !option.startsWith('--robot'));

/** Help for `login` and `logout`, which take no token. */
export const LOGIN_OPTION_LINES = HUB_OPTION_LINES.filter(([option]) => !option.startsWith('--token'));

/**
 * Creates a client for the gateway that options and environment select. Uses `fetch`, or the transport from `sendIn`, which then
 * enforces the timeout. With a client certificate, uses a transport that presents it. Throws `CommandFailed`.
 */
export function connect(
  values: OptionValues,
  environment: NodeJS.ProcessEnv,
  sendIn?: (timeoutMs: number) => Send,
): Client {
  const url = addressOf(values, environment);
  return connectAs(
    tokenOf(values, environment) ?? storedLogin(url, environment),
    values,
    environment,
    sendIn,
    robotOf(values, environment),
  );
}

/** Returns the key or the tokens that are stored for the gateway at `url`. */
function storedLogin(url: string, environment: NodeJS.ProcessEnv): string | StoredTokens | undefined {
  const stored = storedCredential(url, environment);
  return stored && (isOfProvider(stored) ? stored : stored.key);
}

/**
 * Creates a client with this token, or without one, for the gateway itself. Ignores tokens in options and environment.
 * Renews the tokens of an identity provider. With `robot`, the client asks this robot of a hub.
 */
export function connectAs(
  login: string | StoredTokens | undefined,
  values: OptionValues,
  environment: NodeJS.ProcessEnv,
  sendIn?: (timeoutMs: number) => Send,
  robot?: string,
): Client {
  const timeoutMs = timeoutS(values.timeout) * 1000;
  const path = robot === undefined ? '' : `/fleet/${encodeURIComponent(robot)}`;
  const url = addressOf(values, environment);
  const withCertificate = clientCertificateSend(url, values, environment);
  const send = robot ? withStaleNotice(withCertificate ?? fetch, robot) : withCertificate;
  const transport = sendIn && !withCertificate ? sendIn(timeoutMs) : send;
  const tokens = typeof login === 'object' ? login : undefined;
  const token = typeof login === 'object' ? login.access_token : login;
  const renewed = tokens && withRenewedLogin(transport ?? fetch, { url, tokens, environment });
  return createClient({
    url: url + path,
    clientId: clientIdOf(values, environment),
    ...(!(sendIn && !withCertificate) && { timeoutMs }),
    ...((renewed ?? transport) && { send: renewed ?? transport }),
    ...(token !== undefined && { token }),
  });
}

/** Returns the normalized address of the gateway. Throws `CommandFailed`. */
export function addressOf(values: OptionValues, environment: NodeJS.ProcessEnv): string {
  const url = nonEmpty(values.url);
  try {
    return gatewayUrl(url ?? nonEmpty(environment.MEDKIT_URL) ?? DEFAULT_GATEWAY_URL);
  } catch (error) {
    if (error instanceof InvalidGatewayUrl) {
      throw new CommandFailed(`${url === undefined ? 'MEDKIT_URL' : '--url'}: ${error.message}`, ExitCode.usage);
    }
    throw error;
  }
}

/** Returns the robot of `--robot`, or of the environment. */
const robotOf = (values: OptionValues, environment: NodeJS.ProcessEnv): string | undefined =>
  nonEmpty(values.robot) ?? nonEmpty(environment.MEDKIT_ROBOT);

/** Returns whether options or environment set a token, which takes precedence over the stored login. */
export function hasConfiguredToken(values: OptionValues, environment: NodeJS.ProcessEnv): boolean {
  return tokenOf(values, environment) !== undefined;
}

/** Options take precedence over the environment, a token over a token file. */
function tokenOf(values: OptionValues, environment: NodeJS.ProcessEnv): string | undefined {
  const typed = nonEmpty(values.token);
  if (typed !== undefined) return checkedToken(typed, '--token');
  const file = nonEmpty(values['token-file']);
  if (file !== undefined) return tokenIn(file);
  const set = nonEmpty(environment.MEDKIT_TOKEN);
  if (set !== undefined) return checkedToken(set, 'MEDKIT_TOKEN');
  const setFile = nonEmpty(environment.MEDKIT_TOKEN_FILE);
  return setFile === undefined ? undefined : tokenIn(setFile);
}

function tokenIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandFailed(`cannot read the token file: ${(error as Error).message}`, ExitCode.usage);
  }
  return checkedToken(text, file);
}

/** Rejects characters that are invalid in a header here, because the error of the HTTP client would contain the token. */
function checkedToken(text: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new CommandFailed(`${from} has no valid token: expected one word of ASCII characters`, ExitCode.usage);
}

function clientIdOf(values: OptionValues, environment: NodeJS.ProcessEnv): string {
  const name = nonEmpty(values['client-id']) ?? nonEmpty(environment.MEDKIT_CLIENT_ID) ?? defaultClientName();
  if (/^[\x20-\x7e]+$/.test(name)) return name;
  throw new CommandFailed(`--client-id: expected printable ASCII characters, found "${name}"`, ExitCode.usage);
}

function timeoutS(value: OptionValues[string]): number {
  if (value === undefined) return DEFAULT_TIMEOUT_S;
  const seconds = Number(value);
  if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds;
  throw new CommandFailed(
    `--timeout: expected seconds above 0, at most ${MAX_TIMEOUT_S}, found "${value}"`,
    ExitCode.usage,
  );
}

/** Default client id, stable so that locks can be released. Replaces characters that are invalid in a header. */
function defaultClientName(): string {
  return `${userName()}@${hostname()}`.replaceAll(/[^\x21-\x7e]/g, '_');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers may run as a user without a name.
    return `uid${process.getuid?.() ?? ''}`;
  }
}

function nonEmpty(value: OptionValues[string]): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
