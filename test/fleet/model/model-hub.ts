import { type Random, seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Fleet, openFleet } from '@medkit/fleet';
import type { Store } from '@medkit/store';
import type { ModelDatabases } from './copy-store.ts';

/** The process of the hub was killed. */
export class HubKilled extends Error {
  override readonly name = 'HubKilled';
}

/** Where a write of the hub is interrupted. */
export type KillPoint = 'before-commit' | 'after-commit';

const SECRET = new Uint8Array(32).fill(9);

/** A hub with the real record over a database, which can be killed at each of its writes. */
export class ModelHub {
  readonly clock = new SimulatedClock({ epochMs: Date.UTC(2026, 5, 1) });
  readonly #random: Random;
  #store: Store | undefined;
  #fleet!: Fleet;
  #kill: { readonly point: KillPoint; writes: number } | undefined;
  /** Epoch of the newest session of each robot since the process started, unless the hub has ended it. */
  readonly leases = new Map<string, number>();

  readonly #databases: ModelDatabases;

  private constructor(seed: number, databases: ModelDatabases) {
    this.#databases = databases;
    this.#random = seededRandom(seed);
  }

  static async start(seed: number, databases: ModelDatabases): Promise<ModelHub> {
    const hub = new ModelHub(seed, databases);
    await hub.restore();
    return hub;
  }

  get fleet(): Fleet {
    return this.#fleet;
  }

  get store(): Store {
    return this.#store!;
  }

  /** Kills the process at the write after `writes` others. */
  killAt(point: KillPoint, writes: number): void {
    this.#kill = { point, writes };
  }

  /** Lets all further writes succeed. */
  spare(): void {
    this.#kill = undefined;
  }

  /** Starts the process again over the same database. */
  async restart(): Promise<void> {
    this.leases.clear();
    this.#kill = undefined;
    const store = { read: this.store.read, write: this.#write };
    const { hasPartitions } = this.#databases;
    const options = { store, clock: this.clock, random: this.#random, secret: SECRET, hasPartitions };
    this.#fleet = await openFleet({ ...options, log: () => undefined });
    this.#fleet.onChange(({ robot, ended }) => {
      if (ended) this.leases.delete(robot);
    });
  }

  backUp(): Promise<unknown> {
    return this.#databases.copyOf(this.store);
  }

  /** Starts the process over a copy of the database; over an empty one without a copy. */
  async restore(copy?: unknown): Promise<void> {
    await this.close();
    this.#store = await this.#databases.open(this.clock, copy);
    await this.restart();
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  readonly #write: Store['write'] = async (...write) => {
    const kill = this.#kill;
    if (!kill || kill.writes-- > 0) return this.store.write(...write);
    if (kill.point === 'after-commit') await this.store.write(...write);
    throw new HubKilled(`the hub was killed ${kill.point}`);
  };
}
