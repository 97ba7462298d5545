import { errorMessage, type Log } from '@medkit/core';
import { type InstanceMemory, type KnownInstance, peerOf } from '@medkit/peer';
import type { Statement } from '@medkit/store';
import type { GatewayDatabase } from '../database/lazy-store.ts';

/** Maximum peers whose instance is stored. A configuration has fewer; names found on the network do not grow the table. */
const MAX_STORED = 256;

interface Dependencies {
  readonly database: GatewayDatabase;
  /** Returns whether a peer of this name is configured, or was found and admitted. */
  readonly isPeer: (name: string) => boolean;
  readonly log: Log;
}

/** Stores which instance each peer is, so that after a restart the peer that was known has it, and not the first that claims it. */
export async function openInstanceMemory({ database, isPeer, log }: Dependencies): Promise<InstanceMemory> {
  const byName = await loaded(database, log);
  let writing: Promise<void> = Promise.resolve();
  const write = async (statements: readonly Statement[]): Promise<void> => {
    try {
      await (await database.store()).write(statements);
    } catch (error) {
      log(
        'warn',
        `Cannot store which gateway a peer is, so another peer may claim to be it after a restart: ${errorMessage(error)}`,
      );
    }
  };
  const writeNext = (...statements: readonly Statement[]): void => {
    writing = writing.then(() => write(statements));
  };
  const remove = (name: string): void => {
    byName.delete(name);
    writeNext(removal(name));
  };
  const ofInstance = (instance: string): KnownInstance | undefined => {
    for (const known of byName.values()) if (known.instance === instance) return known;
    return undefined;
  };
  return {
    find: (instance) => {
      const known = ofInstance(instance);
      return known && isPeer(peerOf(known.name)) ? known : undefined;
    },
    remember: (known) => {
      const { name, instance, isKeyed } = known;
      const other = ofInstance(instance);
      if (other?.name === name && other.isKeyed === isKeyed) return;
      // An absent peer keeps its instance. A key proves more than an earlier claim without one.
      if (other && other.name !== name) {
        if (other.isKeyed || !isKeyed) return;
        remove(other.name);
      }
      byName.delete(name);
      byName.set(name, known);
      // The rows are read in the order of their inserts.
      writeNext(removal(name), {
        sql: 'INSERT INTO peer_instances (name, instance, is_keyed) VALUES (?, ?, ?)',
        parameters: [name, instance, Number(isKeyed)],
      });
      const [oldest] = byName.keys();
      if (byName.size > MAX_STORED && oldest !== undefined) remove(oldest);
    },
    close: () => writing,
  };
}

const removal = (name: string): Statement => ({
  sql: 'DELETE FROM peer_instances WHERE name = ?',
  parameters: [name],
});

async function loaded(database: GatewayDatabase, log: Log): Promise<Map<string, KnownInstance>> {
  try {
    if (!(await database.exists())) return new Map();
    const sql = 'SELECT name, instance, is_keyed FROM peer_instances ORDER BY rowid';
    const rows = await (await database.store()).read(sql);
    const known = rows.map(({ name, instance, is_keyed }) => ({
      name: String(name),
      instance: String(instance),
      isKeyed: is_keyed === 1 || is_keyed === 1n,
    }));
    return new Map(known.map((each) => [each.name, each]));
  } catch (error) {
    log('error', `Cannot read which gateways the peers were before: ${errorMessage(error)}`);
    return new Map();
  }
}
