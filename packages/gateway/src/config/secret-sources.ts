import { join } from 'node:path';
import type { Files } from '@medkit/edges';
import type { Assignment, Notice, SourceReading } from './assignment.ts';
import type { Folders } from './folders.ts';
import type { FlatConfig } from './gateway-config.ts';
import { variableName } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

/** Folder in which systemd provides the credentials of `LoadCredential=`. */
const CREDENTIALS_VARIABLE = 'CREDENTIALS_DIRECTORY';

interface SecretPlaces {
  readonly files: Pick<Files, 'readText'>;
  readonly folders: Folders;
}

const SECRETS = SETTING_ROWS.filter(([, setting]) => setting.secret);

/** Reads secrets from systemd credentials that have the names of settings; a list has one line per item. */
export async function readCredentials({ files, folders }: SecretPlaces): Promise<SourceReading> {
  const folder = folders.environment[CREDENTIALS_VARIABLE];
  const assignments: Assignment[] = [];
  for (const [key, { type }] of folder ? SECRETS : []) {
    const text = (await files.readText(join(folder ?? '', key)))?.trim();
    if (text === undefined || text === '') continue;
    assignments.push({ key, value: type === 'list' ? text.split('\n') : text, origin: `the credential ${key}` });
  }
  return { assignments, notices: [] };
}

/** Secrets that can be stored in a separate file, and the setting with its path. */
const SECRET_FILES = {
  'server.token': 'server.token_file',
  'auth.jwt_secret': 'auth.jwt_secret_file',
  'auth.clients': 'auth.clients_file',
  'auth.oidc.client_secret': 'auth.oidc.client_secret_file',
  'metrics.token': 'metrics.token_file',
  'notify.heartbeat_url': 'notify.heartbeat_url_file',
} as const;

type SecretKey = keyof typeof SECRET_FILES;

interface SecretReading {
  readonly values: Partial<FlatConfig>;
  /** The setting that names the file of each secret. */
  readonly origins: ReadonlyMap<string, string>;
  readonly refusals: readonly string[];
}

/**
 * Returns the secrets, including those from files, and refusals for files that cannot be read. A list may come from
 * both.
 */
export async function secretsOf(values: FlatConfig, { files }: Pick<SecretPlaces, 'files'>): Promise<SecretReading> {
  const read: Record<string, string | readonly string[]> = {};
  const origins = new Map<string, string>();
  const refusals: string[] = [];
  for (const [key, fileKey] of Object.entries(SECRET_FILES) as [SecretKey, (typeof SECRET_FILES)[SecretKey]][]) {
    const [value, file] = [values[key], values[fileKey]];
    if (file === '') continue;
    if (typeof value === 'string' && value !== '') {
      read[key] = value;
      refusals.push(`${key} and ${fileKey} are both set: remove one`);
      continue;
    }
    const text = (await files.readText(file).catch(() => undefined))?.trim() ?? '';
    if (text === '') refusals.push(`${fileKey}: cannot read ${file}`);
    origins.set(key, fileKey);
    read[key] = typeof value === 'string' ? text : [...value, ...linesOf(text)];
  }
  return { values: read as Partial<FlatConfig>, origins, refusals };
}

/** Returns the lines that are neither empty nor comments. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** Returns the prefixes, in the environment and on the command line, that precede a secret. */
export function secretPrefixes(): readonly string[] {
  return SECRETS.flatMap(([key, setting]) => [`${variableName(key, setting)}=`, `${key}=`, `--set=${key}=`]);
}

/** Warns of each secret that other programs can read while the gateway starts. */
export function secretNotices(origins: ReadonlyMap<string, string>): readonly Notice[] {
  return SECRETS.flatMap(([key, setting]): readonly Notice[] => {
    const origin = origins.get(key) ?? '';
    if (origin !== variableName(key, setting) && !origin.startsWith('--')) return [];
    const file = Object.hasOwn(SECRET_FILES, key) ? `${SECRET_FILES[key as SecretKey]}, or ` : '';
    const text = `${key}: other programs can read this secret (${origin}); use ${file}a systemd credential instead`;
    return [{ level: 'warning', text }];
  });
}
