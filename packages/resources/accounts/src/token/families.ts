import type { Statement } from '@medkit/store';
import type { AccountRecords, FamilyRecord } from '../storage/account-records.ts';

/** Families of a subject that still count for something. */
export function familiesOf({ families }: AccountRecords, subject: string): readonly FamilyRecord[] {
  return families.valuesOf(subject).filter(({ revoked }) => !revoked);
}

export function revokeStatements(families: readonly FamilyRecord[]): readonly Statement[] {
  const ids = JSON.stringify(families.map(({ id }) => id));
  const sql = 'UPDATE account_token_families SET revoked = 1 WHERE id IN (SELECT value FROM json_each(?))';
  return families.length === 0 ? [] : [{ sql, parameters: [ids] }];
}

/** They are kept until their tokens end: a revoked one that came again is known as such. */
export function markRevoked({ families }: AccountRecords, revoked: readonly FamilyRecord[]): void {
  for (const family of revoked) families.set(family.id, { ...family, revoked: true });
}
