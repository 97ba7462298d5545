import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** API key that `medkit login` stores for a gateway. */
export interface StoredKey {
  readonly user: string;
  /** Id of the key, for revoking it. */
  readonly id: string;
  readonly key: string;
  /** RFC 3339. */
  readonly expires_at?: string;
}

/** Tokens of an identity provider that `medkit login --oidc` stores for a gateway. */
export interface StoredTokens {
  /** Principal id at the gateway. */
  readonly user: string;
  readonly issuer: string;
  readonly client_id: string;
  readonly audience: string;
  readonly access_token: string;
  /** RFC 3339. */
  readonly expires_at?: string;
  readonly refresh_token?: string;
}

export type StoredCredential = StoredKey | StoredTokens;

export const isOfProvider = (credential: StoredCredential): credential is StoredTokens => 'access_token' in credential;

/** Credentials by gateway address. */
type Credentials = Readonly<Record<string, StoredCredential>>;

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Path of the credentials file of this user. */
export function credentialsFile(environment: NodeJS.ProcessEnv): string {
  const named = environment.XDG_CONFIG_HOME;
  const folder = named !== undefined && isAbsolute(named) ? named : join(environment.HOME || homedir(), '.config');
  return join(folder, 'medkit', 'credentials.json');
}

/** Returns the stored credential for the gateway at `url`. It is not sent to any other address. */
export function storedCredential(url: string, environment: NodeJS.ProcessEnv): StoredCredential | undefined {
  const all = readCredentials(credentialsFile(environment));
  return Object.hasOwn(all, url) ? all[url] : undefined;
}

/** Stores a credential, or deletes the stored one if `credential` is undefined. */
export function storeCredential(
  url: string,
  credential: StoredCredential | undefined,
  environment: NodeJS.ProcessEnv,
): void {
  const file = credentialsFile(environment);
  const { [url]: _, ...others } = readCredentials(file);
  const all: Credentials = { ...others, ...(credential && { [url]: credential }) };
  if (Object.keys(all).length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const beside = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  writeFileSync(beside, `${JSON.stringify(all, null, 2)}\n`, { mode: OWNER_ONLY_FILE });
  // Fixes the mode if an earlier process with the same id left the file.
  chmodSync(beside, OWNER_ONLY_FILE);
  renameSync(beside, file);
}

function readCredentials(file: string): Credentials {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new CommandFailed(`cannot read the stored credentials: ${(error as Error).message}`);
  }
  try {
    const all: unknown = JSON.parse(text);
    if (typeof all === 'object' && all !== null && Object.values(all).every(isCredential)) return all as Credentials;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CommandFailed(`${file} is not a valid credentials file: delete it and log in again`, ExitCode.failed);
}

/** Accepts only keys and tokens with characters that are valid in a header. */
function isCredential(value: unknown): value is StoredCredential {
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  const isText = (name: string) => typeof fields[name] === 'string';
  const names = ['user', ...('access_token' in fields ? ['issuer', 'client_id', 'audience'] : ['id'])];
  return names.every(isText) && /^[\x21-\x7e]+$/.test(String(fields['access_token'] ?? fields['key'] ?? ''));
}
