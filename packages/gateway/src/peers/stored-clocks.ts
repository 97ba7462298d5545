import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type ClockEpoch, type ClockHistory, correctionMs, type PeerRuntime } from '@medkit/peer';
import type { GatewayDatabase } from '../database/lazy-store.ts';

/** Interval at which changes of clocks are stored: this much may be lost if the gateway is killed. */
const KEEP_MS = 60_000;

interface Dependencies {
  readonly peers: { readonly runtimes: readonly Pick<PeerRuntime, 'name' | 'clockHistory' | 'recallClock'>[] };
  readonly database: GatewayDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** The stored clock histories; `close` stores them once more. */
export interface StoredClocks {
  close(): Promise<void>;
}

/**
 * Stores how far the clocks of peers were ahead, so that past times stay corrected after a restart. Clocks that never
 * differed are not stored.
 */
export async function storeClocks({ peers, database, clock, log }: Dependencies): Promise<StoredClocks> {
  const stored = await loaded(database, log);
  const recalled = new WeakSet<object>();
  let keeping = Promise.resolve();
  /** Also handles peers that were added since. */
  const recall = (): void => {
    for (const peer of peers.runtimes) {
      if (recalled.has(peer)) continue;
      recalled.add(peer);
      peer.recallClock(historyIn(stored.get(peer.name)));
    }
  };
  const keep = async (): Promise<void> => {
    recall();
    for (const peer of peers.runtimes) {
      const { name } = peer;
      const epochs = peer.clockHistory();
      const history = JSON.stringify(epochs);
      if (stored.get(name) === history || !epochs.some((epoch) => correctionMs(epoch) !== 0)) continue;
      const sql = `INSERT INTO peer_clocks (name, history) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET history = excluded.history`;
      try {
        await (await database.store()).write([{ sql, parameters: [name, history] }]);
        stored.set(name, history);
      } catch (error) {
        log('warn', `Cannot store the clock offset of the gateway ${name}: ${errorMessage(error)}`);
      }
    }
  };
  const keepNext = (): Promise<void> => {
    keeping = keeping.then(keep);
    return keeping;
  };
  recall();
  const timer = clock.every(KEEP_MS, () => void keepNext());
  return {
    close: async () => {
      timer.cancel();
      await keepNext();
    },
  };
}

async function loaded(database: GatewayDatabase, log: Log): Promise<Map<string, string>> {
  try {
    if (!(await database.exists())) return new Map();
    const rows = await (await database.store()).read('SELECT name, history FROM peer_clocks');
    return new Map(rows.map(({ name, history }) => [String(name), String(history)]));
  } catch (error) {
    log('error', `Cannot read the stored clock offsets of other gateways: ${errorMessage(error)}`);
    return new Map();
  }
}

/** Returns an empty history for an invalid text. */
function historyIn(text: string | undefined): ClockHistory {
  if (text === undefined) return [];
  try {
    const epochs: unknown = JSON.parse(text);
    return Array.isArray(epochs) && epochs.every(isEpoch) ? epochs : [];
  } catch {
    // Written by another program: the history starts from scratch.
    return [];
  }
}

function isEpoch(value: unknown): value is ClockEpoch {
  const { fromMs, untilMs, offsetMs, uncertaintyMs } = Object(value);
  return [fromMs, untilMs, offsetMs, uncertaintyMs].every(Number.isFinite);
}
