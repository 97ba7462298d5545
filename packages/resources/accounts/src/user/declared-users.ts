import { MAX_RECORDS, type UserRecord } from '../account-records.ts';
import { decodePhc } from '../password/phc.ts';
import { InvalidName, NameTaken, TooMany, UnknownRole, WeakPassword } from '../refusals.ts';
import { describeUnknown } from '../role/known-permission.ts';
import type { Roles } from '../role/role.ts';
import type { DeclaredUser } from './user.ts';
import { USER_NAME } from './user-store.ts';

/**
 * Returns the users of the database and of the users file. A name must not occur in both, since it would be unclear
 * which password is valid. Throws the problem of the first invalid user.
 */
export function mergeDeclaredUsers(
  users: ReadonlyMap<string, UserRecord>,
  declared: readonly DeclaredUser[],
  roles: Roles,
): ReadonlyMap<string, UserRecord> {
  const all = new Map(users);
  for (const { name, role, hash, disabled = false } of declared) {
    const who = `auth.users_file: the user ${JSON.stringify(name.slice(0, 80))}`;
    if (!USER_NAME.test(name)) throw new InvalidName(`${who} has an invalid name: use 1 to 64 of a-z 0-9 . _ -`);
    if (users.has(name)) {
      throw new NameTaken(`${who} also exists in the account database: remove it there (medkit auth users) or here`);
    }
    if (all.has(name)) throw new NameTaken(`${who} is listed twice`);
    if (all.size >= MAX_RECORDS.users) throw new TooMany(`${who} exceeds the maximum of ${MAX_RECORDS.users} users`);
    if (!roles.permissionsOf(role)) throw new UnknownRole(`${who} has no role ${describeUnknown(role, roles.names)}`);
    if (!decodePhc(hash)) {
      throw new WeakPassword(`${who} has no valid password hash: create one with medkit auth hash`);
    }
    all.set(name, { name, role, hash, disabled, mustChange: false, declared: true, createdMs: 0, changedMs: 0 });
  }
  return all;
}
