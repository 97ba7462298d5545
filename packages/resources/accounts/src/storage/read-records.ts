import type { Permission } from '@medkit/contract';
import type { Row, Store } from '@medkit/store';
import { type AccountRecords, digestKey, emptyRecords, MAX_RECORDS } from '../account-records.ts';
import type { ProviderGrant } from '../grant/grant.ts';

/** Rows of one read; the store returns at most 10,000. */
const PAGE = 5000;

/** Reads all accounts from disk, up to the limits: the oldest rows win. */
export async function readRecords(store: Pick<Store, 'read'>): Promise<AccountRecords> {
  const records = emptyRecords();
  for await (const row of rowsOf(store, 'account_users', MAX_RECORDS.users)) {
    records.users.set(text(row.name), {
      name: text(row.name),
      role: text(row.role),
      hash: text(row.hash),
      mustChange: row.must_change === 1,
      disabled: row.disabled === 1,
      declared: false,
      createdMs: Number(row.created_ms),
      changedMs: Number(row.changed_ms),
    });
  }
  for await (const row of rowsOf(store, 'account_keys', MAX_RECORDS.keys)) {
    const id = text(row.id);
    const key = {
      id,
      digest: row.digest as Uint8Array,
      name: text(row.name),
      role: text(row.role),
      ...(row.permissions !== null && { permissions: new Set(JSON.parse(text(row.permissions)) as Permission[]) }),
      owner: text(row.owner),
      createdMs: Number(row.created_ms),
      ...(row.expires_ms !== null && { expiresMs: Number(row.expires_ms) }),
    };
    records.keys.set(id, key);
    records.keysByDigest.set(digestKey(key.digest), key);
    if (row.last_used_ms !== null) records.keyUses.set(id, Number(row.last_used_ms));
  }
  for await (const row of rowsOf(store, 'account_sessions', MAX_RECORDS.sessions)) {
    const id = text(row.id);
    const session = {
      id,
      digest: row.digest as Uint8Array,
      user: text(row.user),
      ...(row.issuer !== null && {
        account: {
          ...{ id: text(row.user), issuer: text(row.issuer), subject: text(row.subject), role: text(row.role) },
          ...(row.grants !== null && { grants: JSON.parse(text(row.grants)) as ProviderGrant[] }),
        },
      }),
      ...(row.renewal !== null && { renewal: text(row.renewal), renewedMs: Number(row.renewed_ms) }),
      createdMs: Number(row.created_ms),
      expiresMs: Number(row.expires_ms),
      userAgent: text(row.user_agent),
      address: text(row.address),
    };
    records.sessions.set(id, session);
    records.sessionsByDigest.set(digestKey(session.digest), session);
    records.sessionUses.set(id, Number(row.last_used_ms));
  }
  for await (const row of rowsOf(store, 'account_token_families', MAX_RECORDS.families)) {
    records.families.set(text(row.id), {
      id: text(row.id),
      subject: text(row.subject),
      refreshId: text(row.refresh_id),
      revoked: row.revoked === 1,
      createdMs: Number(row.created_ms),
      endsMs: Number(row.ends_ms),
    });
  }
  for await (const row of rowsOf(store, 'account_denied_tokens', MAX_RECORDS.deniedTokens)) {
    records.deniedTokens.set(text(row.id), Number(row.ends_ms));
  }
  return records;
}

async function* rowsOf(store: Pick<Store, 'read'>, table: string, most: number): AsyncGenerator<Row> {
  const sql = `SELECT rowid AS place, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  let place = 0;
  for (let left = most; left > 0; ) {
    const limit = Math.min(PAGE, left);
    const rows = await store.read(sql, [place, limit]);
    yield* rows;
    if (rows.length < limit) return;
    left -= rows.length;
    place = Number(rows.at(-1)?.place);
  }
}

const text = (value: unknown): string => String(value);
