import type { ProviderAccount, RenewableSession, Sessions } from '@medkit/accounts';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LoginState } from './login-renewal.ts';

const EVERY_MS = 60_000;
/** Age after which the groups of a session are read again. */
const RENEW_MS = 15 * 60_000;

export interface RenewSessionsOptions {
  readonly sessions: Pick<Sessions, 'end' | 'renew' | 'renewable'>;
  readonly renew: (account: ProviderAccount, renewal: string) => Promise<LoginState>;
  /** Revokes a refresh token that no session has. */
  readonly revoke: (account: string, renewal: string) => void;
  readonly issuer: string;
  /** Time that a session continues while the provider cannot be reached. */
  readonly offlineMaxMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Reads the groups of all sessions of the identity provider again, one after the other. A change of them changes the
 * rights of the session; a login that the provider has ended ends it. Returns a function that stops it.
 */
export function renewSessions(options: RenewSessionsOptions): () => void {
  const { sessions, issuer, clock, log } = options;
  /** Last success and last attempt of each session, by the monotonic clock, which no step of the wall clock changes. */
  const renewed = new Map<string, number>();
  const tried = new Map<string, number>();
  let isRunning = false;
  let isStopped = false;

  const ageOf = ({ id, renewedMs }: RenewableSession): number => {
    const nowMs = clock.monotonicMs();
    const lastMs = renewed.get(id) ?? nowMs - Math.max(clock.wallMs() - renewedMs, 0);
    renewed.set(id, lastMs);
    return nowMs - lastMs;
  };

  /** Sessions that were tried last come last, so that no failing one delays the others. */
  const renewable = (): readonly RenewableSession[] => {
    const all = sessions.renewable().filter(({ account }) => account.issuer === issuer);
    const ids = new Set(all.map(({ id }) => id));
    for (const known of [renewed, tried]) for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    return all.toSorted((a, b) => (tried.get(a.id) ?? 0) - (tried.get(b.id) ?? 0));
  };

  const end = async ({ id, account }: RenewableSession, reason: string): Promise<void> => {
    if (await sessions.end(id)) log('info', `a session of ${account.id} has ended: ${reason}`);
  };

  const round = async (): Promise<void> => {
    let away: string | undefined;
    for (const session of renewable()) {
      if (isStopped) return;
      const ageMs = ageOf(session);
      if (ageMs < RENEW_MS) continue;
      if (away === undefined) {
        tried.set(session.id, clock.monotonicMs());
        const state = await options.renew(session.account, session.renewal);
        if (state.is === 'valid') {
          // The session may have ended meanwhile.
          const isStored = await sessions.renew(session.id, state.account, state.renewal);
          if (isStored) renewed.set(session.id, clock.monotonicMs());
          else options.revoke(session.account.id, state.renewal);
          continue;
        }
        if (state.is === 'ended') {
          await end(session, state.reason);
          if (state.renewal !== undefined) options.revoke(session.account.id, state.renewal);
          continue;
        }
        away = state.reason;
        log('warn', `the groups of sessions cannot be read again from ${issuer}: ${away}`);
      }
      if (ageMs > options.offlineMaxMs) await end(session, `its groups could not be read for too long: ${away}`);
    }
  };

  const timer = clock.every(EVERY_MS, () => {
    if (isRunning) return;
    isRunning = true;
    round()
      .catch((error: unknown) => log('warn', `sessions of ${issuer} cannot be renewed: ${errorMessage(error)}`))
      .finally(() => {
        isRunning = false;
      });
  });
  return () => {
    isStopped = true;
    timer.cancel();
  };
}
