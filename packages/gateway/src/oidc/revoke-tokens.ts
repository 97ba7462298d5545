import { errorMessage, type Log } from '@medkit/core';
import { type Clock, OwnedMap } from '@medkit/edges';
import type { Revocation } from './login-revocation.ts';

/** Maximum refresh tokens that wait for the provider: encrypted, each has at most 22 kB. */
const MAX_WAITING_TOKENS = 1000;
const RETRY_MS = 60_000;

export interface RevokeTokensOptions {
  readonly revoke: (renewal: string) => Promise<Revocation>;
  readonly issuer: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Revokes refresh tokens in the background. */
export interface TokenRevocation {
  /** Takes the encrypted refresh token of an account. If too many wait, the account with the most loses one. */
  add(account: string, renewal: string): void;
  /** Forgets the tokens that still wait. */
  stop(): void;
}

/**
 * Revokes the refresh tokens of ended sessions, one after the other, so that a provider that is away delays no logout.
 * After a failure, tries again each minute. Waiting tokens are in memory only: at a restart, the provider retains them
 * until they expire.
 */
export function revokeTokens({ revoke, issuer, clock, log }: RevokeTokensOptions): TokenRevocation {
  /** The account of each token. */
  const waiting = new OwnedMap<string, string>(MAX_WAITING_TOKENS, (account) => account);
  let isRunning = false;
  let isStopped = false;
  let isAway = false;

  const logLost = (count: number, reason: string): void =>
    log(
      'warn',
      `refresh tokens of ended sessions that stay valid at ${issuer} until they expire: ${count} (${reason})`,
    );

  /** Returns whether the provider replied. */
  const attempt = async (renewal: string, account: string): Promise<boolean> => {
    const state = await revoke(renewal).catch(failed);
    if (isStopped) return false;
    const isWaiting = waiting.delete(renewal);
    if (state.is === 'unknown') {
      // The other tokens come first next time, so that none that always fails delays them.
      if (isWaiting) waiting.set(renewal, account);
      if (!isAway) log('warn', `refresh tokens of ended sessions cannot be revoked at ${issuer} yet: ${state.reason}`);
      isAway = true;
      return false;
    }
    isAway = false;
    if (state.is === 'refused') logLost(1, state.reason);
    return true;
  };

  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    // Includes the tokens that are added meanwhile.
    for (const [renewal, account] of waiting) if (isStopped || !(await attempt(renewal, account))) break;
    isRunning = false;
  };

  const timer = clock.every(RETRY_MS, () => void run());
  return {
    add: (account, renewal) => {
      if (isStopped) return;
      if (!waiting.has(renewal) && waiting.keep(renewal, account)) logLost(1, 'too many are to be revoked');
      void run();
    },
    stop: () => {
      isStopped = true;
      timer.cancel();
      if (waiting.size > 0) logLost(waiting.size, 'the gateway stops');
    },
  };
}

const failed = (error: unknown): Revocation => ({ is: 'unknown', reason: errorMessage(error) });
