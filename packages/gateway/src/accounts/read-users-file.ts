import type { DeclaredUser } from '@medkit/accounts';
import { DocumentRefused, parseYamlBoolean, readYaml, toPlainData } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import { StartRefused } from '../listen.ts';

const MAX_TEXT_LENGTH = 1_048_576;
const MEMBERS: ReadonlySet<string> = new Set(['name', 'role', 'password', 'disabled']);

/** Reads the users of `auth.users_file`. Throws `StartRefused` if it cannot be read or is invalid. */
export async function readUsersFile(files: Pick<Files, 'readText'>, file: string): Promise<readonly DeclaredUser[]> {
  const text = await files.readText(file).catch(() => undefined);
  if (text === undefined) throw refused(`the file ${file} does not exist`);
  if (text.length > MAX_TEXT_LENGTH) throw refused(`${file} has more than ${MAX_TEXT_LENGTH} characters`);
  const { users } = (parseDocument(text, file) ?? {}) as { readonly users?: unknown };
  if (!Array.isArray(users)) throw refused(`${file} has no list "users"`);
  return users.map((user, at) => declaredUser(user, `${file}: users[${at}]`));
}

function parseDocument(text: string, file: string): unknown {
  try {
    return toPlainData(readYaml(text, file));
  } catch (error) {
    if (error instanceof DocumentRefused) throw refused(error.lines.join('; '));
    throw error;
  }
}

function declaredUser(user: unknown, at: string): DeclaredUser {
  const said = typeof user === 'object' && user !== null ? (user as Readonly<Record<string, unknown>>) : {};
  const unknown = Object.keys(said).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) throw refused(`${at} has "${unknown}": a user has name, role, password and disabled`);
  const { name, role, password } = said;
  const disabled = parseYamlBoolean(String(said.disabled ?? false));
  if (typeof name !== 'string' || typeof role !== 'string' || typeof password !== 'string') {
    throw refused(`${at} needs name, role and password as text`);
  }
  if (!password.startsWith('$argon2id$')) {
    throw refused(`${at}: the password must be a hash from "medkit auth hash", which begins with $argon2id$`);
  }
  if (disabled === undefined) throw refused(`${at}: disabled must be true or false`);
  return { name, role, hash: password, disabled };
}

const refused = (problem: string): StartRefused => new StartRefused(`auth.users_file: ${problem}`);
