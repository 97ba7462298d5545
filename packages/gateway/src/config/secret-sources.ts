import { join } from 'node:path';
import type { Files } from '@medkit/edges';
import type { Assignment, Notice, SourceReading } from './assignment.ts';
import type { Folders } from './folders.ts';
import type { FlatConfig } from './gateway-config.ts';
import { variableOf } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

/** Where systemd puts what `LoadCredential=` names. */
const CREDENTIALS_VARIABLE = 'CREDENTIALS_DIRECTORY';

interface SecretPlaces {
  readonly files: Pick<Files, 'readText'>;
  readonly folders: Folders;
}

const SECRETS = SETTING_ROWS.filter(([, setting]) => setting.secret);

/** Reads the secrets that systemd gives as credentials with the names of their settings; those of a list line by line. */
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

/** Secrets that may stand in a file of their own, and the setting that names it. */
const SECRET_FILES = {
  'server.token': 'server.token_file',
  'auth.jwt_secret': 'auth.jwt_secret_file',
  'auth.clients': 'auth.clients_file',
  'notify.heartbeat_url': 'notify.heartbeat_url_file',
} as const;

type SecretKey = keyof typeof SECRET_FILES;

/** The secrets, also where a file has them, and why one cannot be had. A list may stand in both places. */
export async function secretsOf(
  values: FlatConfig,
  { files }: Pick<SecretPlaces, 'files'>,
): Promise<{ readonly values: Partial<FlatConfig>; readonly refusals: readonly string[] }> {
  const read: Record<string, string | readonly string[]> = {};
  const refusals: string[] = [];
  for (const [key, fileKey] of Object.entries(SECRET_FILES) as [SecretKey, (typeof SECRET_FILES)[SecretKey]][]) {
    const [value, file] = [values[key], values[fileKey]];
    if (file === '') continue;
    if (typeof value === 'string' && value !== '') {
      read[key] = value;
      refusals.push(`${key} and ${fileKey} are both set: take one away`);
      continue;
    }
    const text = (await files.readText(file).catch(() => undefined))?.trim() ?? '';
    if (text === '') refusals.push(`${fileKey}: nothing can be read from ${file}`);
    read[key] = typeof value === 'string' ? text : [...value, ...linesOf(text)];
  }
  return { values: read as Partial<FlatConfig>, refusals };
}

/** Lines that say something. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** How the words begin, of the environment and of the command line, behind which a secret stands. */
export function secretBeginnings(): readonly string[] {
  return SECRETS.flatMap(([key, setting]) => [`${variableOf(key, setting)}=`, `${key}=`, `--set=${key}=`]);
}

/** A line for each secret that stands where other programs can read it while the gateway starts. */
export function noticesOfSecrets(origins: ReadonlyMap<string, string>): readonly Notice[] {
  return SECRETS.flatMap(([key, setting]): readonly Notice[] => {
    const origin = origins.get(key) ?? '';
    if (origin !== variableOf(key, setting) && !origin.startsWith('--')) return [];
    const file = Object.hasOwn(SECRET_FILES, key) ? `${SECRET_FILES[key as SecretKey]}, or ` : '';
    const text = `${key}: other programs can read it where it stands (${origin}); ${file}a systemd credential keeps it from them`;
    return [{ level: 'warning', text }];
  });
}
