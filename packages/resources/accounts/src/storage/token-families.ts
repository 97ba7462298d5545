import type { Statement } from '@medkit/store';
import type { AccountRecords, FamilyRecord } from '../account-records.ts';

/** Returns the families of a subject that are not revoked. */
export function familiesOf({ families }: AccountRecords, subject: string): readonly FamilyRecord[] {
  return families.valuesOf(subject).filter(({ revoked }) => !revoked);
}

export function revokeStatements(families: readonly FamilyRecord[]): readonly Statement[] {
  const ids = JSON.stringify(families.map(({ id }) => id));
  const sql = 'UPDATE account_token_families SET revoked = 1 WHERE id IN (SELECT value FROM json_each(?))';
  return families.length === 0 ? [] : [{ sql, parameters: [ids] }];
}

/**
 * Marks families as revoked. They are stored until their tokens expire, so that a reused token is recognized as
 * revoked.
 */
export function markRevoked({ families }: AccountRecords, revoked: readonly FamilyRecord[]): void {
  for (const family of revoked) families.set(family.id, { ...family, revoked: true });
}
