import type { Clock } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { AccountRecords } from './account-records.ts';
import { deleteKeys, forgetKey } from './key/key-store.ts';
import { hasEnded, type SessionStore } from './session/session-store.ts';
import { deleteRows } from './storage/row-statements.ts';

/** How long the list of keys still shows an expired key and its owner. */
const EXPIRED_KEY_RETENTION_MS = 30 * 24 * 3600_000;

export interface SweepLimits {
  readonly clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  readonly sessionIdleMs: number;
  readonly sessions: Pick<SessionStore, 'forget'>;
}

export interface EndedRecords {
  readonly statements: readonly Statement[];
  readonly forget: () => void;
}

/**
 * Returns the records that have ended and are no longer needed: statements to remove them from disk, and a function to
 * remove them from memory.
 */
export function endedRecords(records: AccountRecords, options: SweepLimits): EndedRecords {
  const { clock, sessionIdleMs } = options;
  const nowMs = clock.wallMs();
  const keys = [...records.keys.values()].filter(
    ({ expiresMs }) => expiresMs !== undefined && nowMs >= expiresMs + EXPIRED_KEY_RETENTION_MS,
  );
  const sessions = [...records.sessions.values()].filter((session) => hasEnded(session, records, clock, sessionIdleMs));
  const families = [...records.families.values()].filter(({ endsMs }) => nowMs >= endsMs);
  const denied = [...records.deniedTokens].filter(([, endsMs]) => nowMs >= endsMs).map(([id]) => id);
  const statements = [
    ...deleteKeys(keys.map(idOf)),
    ...deleteRows('account_sessions', sessions.map(idOf)),
    ...deleteRows('account_token_families', families.map(idOf)),
    ...deleteRows('account_denied_tokens', denied),
  ];
  const forget = () => {
    for (const { id } of keys) forgetKey(records, id);
    options.sessions.forget(sessions);
    for (const { id } of families) records.families.delete(id);
    for (const id of denied) records.deniedTokens.delete(id);
  };
  return { statements, forget };
}

const idOf = ({ id }: { readonly id: string }): string => id;
