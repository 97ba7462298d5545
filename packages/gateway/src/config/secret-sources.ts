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

/** The token, also where a file has it, or why there is none. */
export async function tokenOf(
  values: FlatConfig,
  { files }: Pick<SecretPlaces, 'files'>,
): Promise<{ readonly token: string; readonly refusal?: string }> {
  const { 'server.token': token, 'server.token_file': file } = values;
  if (file === '') return { token };
  if (token !== '') return { token, refusal: 'server.token and server.token_file are both set: take one away' };
  const text = await files.readText(file).catch(() => undefined);
  const found = text?.trim() ?? '';
  return found === ''
    ? { token: '', refusal: `server.token_file: no token can be read from ${file}` }
    : { token: found };
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
    const file = key === 'server.token' ? 'server.token_file, or ' : '';
    const text = `${key}: other programs can read it where it stands (${origin}); ${file}a systemd credential keeps it from them`;
    return [{ level: 'warning', text }];
  });
}
