import type { Clock, Quota, Random } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import {
  type AccountRecords,
  digestKey,
  type SessionRecord,
  secretDigest,
  secretDigestKey,
} from '../account-records.ts';
import type { ProviderAccount, SessionCredential } from '../credential/credential.ts';
import { type Refusal, refused } from '../credential/refusal.ts';
import { newId } from '../key/key-text.ts';
import { UnknownName } from '../refusals.ts';
import type { AccountChanges } from '../storage/account-changes.ts';
import { deleteRows } from '../storage/row-statements.ts';
import type { RenewableSession, Session, Sessions } from './session.ts';

const COOKIE_BYTES = 32;
const COOKIE_FORM = /^[\w-]{43}$/;
const MAX_OF_USER = 100;
const MAX_USER_AGENT = 200;
const MAX_ADDRESS = 64;

export interface SessionStoreOptions {
  readonly records: AccountRecords;
  readonly changes: AccountChanges;
  readonly clock: Clock;
  readonly random: Random;
  readonly lifeMs: number;
}

interface NewSession {
  readonly user: string;
  readonly account?: ProviderAccount;
  readonly lifeMs: number;
  readonly renewal?: string;
  readonly userAgent: string;
  readonly address: string;
}

export class SessionStore implements Sessions {
  readonly #options: SessionStoreOptions;
  readonly #credentials = new WeakMap<SessionRecord, SessionCredential>();
  readonly #endListeners = new Set<(ended: RenewableSession) => void>();

  constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  /** Limits sessions by user. If the table is full, the user with the most sessions loses one. */
  get quota(): Quota {
    return this.#options.records.sessions.quota;
  }

  identify(cookie: string): SessionCredential | Refusal {
    if (!COOKIE_FORM.test(cookie)) return refused('malformed');
    const session = this.#options.records.sessionsByDigest.get(secretDigestKey(cookie));
    if (!session) return refused('unknown');
    const known = this.#credentials.get(session);
    if (known) return known;
    const credential: SessionCredential = { kind: 'session', id: session.id, expiresMs: session.expiresMs };
    this.#credentials.set(session, credential);
    return credential;
  }

  list(user?: string): readonly Session[] {
    const all = [...this.#options.records.sessions.values()];
    return all
      .filter((session) => user === undefined || session.user === user)
      .sort((a, b) => b.createdMs - a.createdMs)
      .map((session) => this.#sessionView(session));
  }

  find(id: string): Session | undefined {
    const session = this.#options.records.sessions.get(id);
    return session && this.#sessionView(session);
  }

  begin(user: string, from: Omit<NewSession, 'user' | 'lifeMs'>) {
    return this.#begin({ ...from, user, lifeMs: this.#options.lifeMs });
  }

  beginForProvider(account: ProviderAccount, from: Omit<NewSession, 'user' | 'account'>) {
    return this.#begin({ ...from, user: account.id, account, lifeMs: Math.min(from.lifeMs, this.#options.lifeMs) });
  }

  #begin({ user, account, lifeMs, renewal, ...from }: NewSession) {
    const { records, changes, clock, random } = this.#options;
    return changes.runExclusive(
      async () => {
        if (!account && !records.users.has(user)) throw new UnknownName(`there is no user ${user}`);
        const gone = this.#tooMany(user);
        let id = newId(random);
        while (records.sessions.has(id)) id = newId(random);
        const cookie = Buffer.from(random.bytes(COOKIE_BYTES)).toString('base64url');
        const createdMs = Math.round(clock.wallMs());
        const session: SessionRecord = {
          ...{ id, user, createdMs },
          ...(account && { account }),
          ...(renewal !== undefined && { renewal, renewedMs: createdMs }),
          digest: secretDigest(cookie),
          expiresMs: createdMs + lifeMs,
          userAgent: from.userAgent.slice(0, MAX_USER_AGENT),
          address: from.address.slice(0, MAX_ADDRESS),
        };
        await changes.write([
          ...endStatements(gone),
          {
            sql: `INSERT INTO account_sessions (id, digest, "user", created_ms, last_used_ms, expires_ms, user_agent, address,
                  issuer, subject, role, grants, renewal, renewed_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            parameters: [
              ...[id, session.digest, user, createdMs, createdMs],
              ...[session.expiresMs, session.userAgent, session.address],
              ...[account?.issuer ?? null, account?.subject ?? null, account?.role ?? null],
              ...[grantsText(account), session.renewal ?? null, session.renewedMs ?? null],
            ],
          },
        ]);
        this.forget(gone);
        records.sessions.set(id, session);
        records.sessionsByDigest.set(digestKey(session.digest), session);
        records.sessionUses.set(id, createdMs);
        records.sessionTimes.set(id, { begunMs: clock.monotonicMs(), usedMs: clock.monotonicMs() });
        if (gone.length > 0) changes.notify();
        return { session: this.#sessionView(session), cookie };
      },
      account ? user : `user:${user}`,
    );
  }

  renewable(): readonly RenewableSession[] {
    return [...this.#options.records.sessions.values()].flatMap((session) => renewableOf(session) ?? []);
  }

  renew(id: string, account: ProviderAccount, renewal: string): Promise<boolean> {
    const { records, changes, clock } = this.#options;
    return changes.runExclusive(async () => {
      const session = records.sessions.get(id);
      if (!session) return false;
      const renewedMs = Math.round(clock.wallMs());
      const { role } = account;
      const isSame = session.account?.role === role && grantsText(session.account) === grantsText(account);
      // The same account object has the same principal, so that no stream ends without a reason.
      const next: SessionRecord = { ...session, renewal, renewedMs, account: (isSame && session.account) || account };
      const sql = 'UPDATE account_sessions SET role = ?, grants = ?, renewal = ?, renewed_ms = ? WHERE id = ?';
      await changes.write([{ sql, parameters: [role, grantsText(account), renewal, renewedMs, id] }]);
      records.sessions.set(id, next);
      records.sessionsByDigest.set(digestKey(next.digest), next);
      if (!isSame) changes.notify();
      return true;
    });
  }

  end(id: string): Promise<boolean> {
    const { records, changes } = this.#options;
    return changes.runExclusive(async () => {
      const session = records.sessions.get(id);
      if (session) await this.#end([session]);
      return session !== undefined;
    });
  }

  endOthers(user: string, keep?: string): Promise<number> {
    return this.#options.changes.runExclusive(async () => {
      const others = sessionsOf(this.#options.records, user, keep);
      if (others.length > 0) await this.#end(others);
      return others.length;
    });
  }

  onEnd(listener: (ended: RenewableSession) => void): () => void {
    this.#endListeners.add(listener);
    return () => void this.#endListeners.delete(listener);
  }

  /** Removes sessions from memory that are no longer on disk, and reports those with a refresh token. */
  forget(sessions: readonly SessionRecord[]): void {
    const { records } = this.#options;
    for (const session of sessions) {
      const { id, digest } = session;
      records.sessions.delete(id);
      records.sessionsByDigest.delete(digestKey(digest));
      records.sessionUses.delete(id);
      records.sessionTimes.delete(id);
      const ended = renewableOf(session);
      if (ended) for (const listener of this.#endListeners) listener(ended);
    }
  }

  async #end(sessions: readonly SessionRecord[]): Promise<void> {
    const { changes } = this.#options;
    await changes.write(endStatements(sessions));
    this.forget(sessions);
    changes.notify();
  }

  /**
   * Returns the session to end before another begins: the one idle longest of this user, or of the user with the most
   * sessions.
   */
  #tooMany(user: string): readonly SessionRecord[] {
    const { sessionUses } = this.#options.records;
    const { quota } = this;
    const from = quota.heldBy(user) >= MAX_OF_USER ? user : quota.isFull ? quota.largestOwner() : undefined;
    const among = from === undefined ? [] : sessionsOf(this.#options.records, from);
    const lastUse = ({ id, createdMs }: SessionRecord) => sessionUses.get(id) ?? createdMs;
    return among.length === 0 ? [] : [among.reduce((a, b) => (lastUse(b) < lastUse(a) ? b : a))];
  }

  #sessionView({ digest: _, renewal: _token, renewedMs: _time, ...session }: SessionRecord): Session {
    const lastUsedMs = this.#options.records.sessionUses.get(session.id) ?? session.createdMs;
    return { ...session, lastUsedMs: Math.round(lastUsedMs) };
  }
}

/** Returns a session with its refresh token; `undefined` if it has none. */
const renewableOf = ({ id, account, renewal, renewedMs = 0 }: SessionRecord): RenewableSession | undefined =>
  account && renewal !== undefined ? { id, account, renewal, renewedMs } : undefined;

const grantsText = (account: ProviderAccount | undefined): string | null =>
  account?.grants ? JSON.stringify(account.grants) : null;

/**
 * Returns whether a session is over: idle for too long, or at the end of its lifetime. Time in this process is measured
 * by the monotonic clock, so that a step of the wall clock ends no session.
 */
export function hasEnded(
  { id, createdMs, expiresMs }: SessionRecord,
  { sessionTimes, sessionUses }: AccountRecords,
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>,
  idleMs: number,
): boolean {
  const { begunMs, usedMs } = sessionTimes.get(id) ?? {};
  const [nowMs, wallMs] = [clock.monotonicMs(), clock.wallMs()];
  const ageMs = begunMs === undefined ? wallMs - createdMs : nowMs - begunMs;
  const unusedMs = usedMs === undefined ? wallMs - (sessionUses.get(id) ?? createdMs) : nowMs - usedMs;
  return ageMs >= expiresMs - createdMs || unusedMs >= idleMs;
}

/** Returns all sessions of a user except `keep`. */
export function sessionsOf({ sessions }: AccountRecords, user: string, keep?: string): readonly SessionRecord[] {
  return sessions.valuesOf(user).filter(({ id }) => id !== keep);
}

export function endStatements(sessions: readonly SessionRecord[]): readonly Statement[] {
  return deleteRows(
    'account_sessions',
    sessions.map(({ id }) => id),
  );
}
