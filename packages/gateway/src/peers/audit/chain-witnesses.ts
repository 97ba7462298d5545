import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import { stored } from '../../database/store-errors.ts';

/** A record in the chain of an audit log. */
export interface ChainLink {
  readonly id: number;
  readonly hash: string;
}

/** The newest record seen in a peer's log. */
export interface ChainWitness extends ChainLink {
  /** Wall clock milliseconds. */
  readonly seenMs: number;
  /** Why the log does not continue from it; absent if it does. */
  readonly problem?: string;
}

/** What a gateway reported about its log, after the witness was looked up. */
export interface ObservedChain {
  /** The newest of all records; `undefined` if the log is empty. */
  readonly newest: ChainLink | undefined;
  /** The record with the id of the witness; `undefined` if the log no longer contains it. */
  readonly same: ChainLink | undefined;
}

/** Witnesses of the audit logs of peers. */
export interface ChainWitnesses {
  of(gateway: string): Promise<ChainWitness | undefined>;
  /** Compares a report with the witness `before` that was looked up for it; returns the current witness. */
  compare(gateway: string, before: ChainWitness | undefined, seen: ObservedChain): ChainWitness | undefined;
  /** Returns `false` if there is none. Throws `service-unavailable` if the change cannot be stored. */
  forget(gateway: string): Promise<boolean>;
  health(): RuntimeHealth;
}

export interface ChainWitnessesOptions {
  readonly database: GatewayDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** Maximum gateways with a witness; the one seen longest ago is dropped. */
const MAX_WITNESSES = 256;

/**
 * Stores the newest audit record seen of every peer: an attacker who rewrites a log with its hashes cannot change this
 * copy. On disk, so that it survives restarts.
 */
export function chainWitnesses({ database, clock, log }: ChainWitnessesOptions): ChainWitnesses {
  const known = new Map<string, ChainWitness>();
  let loading: Promise<void> | undefined;
  const load = async (): Promise<void> => {
    if (!(await database.exists())) return;
    const rows = await (await database.store()).read('SELECT * FROM audit_witnesses ORDER BY seen_ms');
    for (const { gateway, seq, hash, seen_ms, problem } of rows) {
      known.set(String(gateway), {
        id: Number(seq),
        hash: String(hash),
        seenMs: Number(seen_ms),
        ...(typeof problem === 'string' && { problem }),
      });
    }
  };
  const loaded = (): Promise<void> => {
    loading ??= stored(load).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const write = async (...statements: readonly Statement[]): Promise<void> => {
    await (await database.store()).write(statements, {}, 'system');
  };
  const keep = (gateway: string, witness: ChainWitness): void => {
    known.delete(gateway);
    known.set(gateway, witness);
    const oldest = known.size > MAX_WITNESSES ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    const { id, hash, seenMs, problem } = witness;
    write(...(oldest === undefined ? [] : [removal(oldest)]), {
      sql: `INSERT INTO audit_witnesses (gateway, seq, hash, seen_ms, problem) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (gateway) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, seen_ms = excluded.seen_ms,
              problem = excluded.problem`,
      parameters: [gateway, id, hash, Math.round(seenMs), problem ?? null],
    }).catch((error: unknown) =>
      log('error', `Cannot store the last known record of the audit log of ${gateway}: ${errorMessage(error)}`),
    );
  };

  return {
    of: async (gateway) => {
      await loaded();
      return known.get(gateway);
    },
    compare: (gateway, before, seen) => {
      const now = known.get(gateway);
      // A concurrent report has already been compared.
      if (now !== before) return now;
      const problem = before && (before.problem ?? discontinuity(before, seen));
      if (before && problem !== undefined) {
        if (before.problem === undefined) {
          log('error', `The audit log of the gateway ${gateway} was rewritten: ${problem}`);
          keep(gateway, { ...before, problem });
        }
      } else if (seen.newest && seen.newest.id !== before?.id) {
        keep(gateway, { ...seen.newest, seenMs: clock.wallMs() });
      }
      return known.get(gateway);
    },
    forget: async (gateway) => {
      await loaded();
      if (!known.has(gateway)) return false;
      await stored(() => write(removal(gateway)));
      return known.delete(gateway);
    },
    health: () => ({
      warnings: [...known].flatMap(([gateway, { problem }]) => {
        if (problem === undefined) return [];
        const remedy = `Check who has access to that gateway. If the log was restarted intentionally: medkit audit accept ${gateway}`;
        const message = `The audit log of the gateway ${gateway} was rewritten: ${problem}. ${remedy}`;
        return [{ code: 'peer_audit_rewritten', message, peerNames: [gateway] }];
      }),
      blocks: {},
    }),
  };
}

function removal(gateway: string): Statement {
  return { sql: 'DELETE FROM audit_witnesses WHERE gateway = ?', parameters: [gateway] };
}

/** Returns why a log does not continue from its witness; `undefined` if it may. Old records may have been removed. */
function discontinuity({ id, hash, seenMs }: ChainWitness, { newest, same }: ObservedChain): string | undefined {
  const seen = `record ${id} was read from it on ${new Date(seenMs).toISOString()}`;
  if (!newest) return `it is empty, and ${seen}`;
  if (newest.id < id) return `its newest record is ${newest.id}, and ${seen}`;
  return same?.id === id && same.hash !== hash ? `${seen} with another hash` : undefined;
}
