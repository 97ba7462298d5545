import { errorMessage, type Log, oncePerKey } from '@medkit/core';
import { type LifecycleClient, type LifecycleStateLabel, type LocalNode, openLifecycleClient } from '@medkit/ros2';
import type { LifecycleReading } from '../detectors/lifecycle-expectation.ts';
import { closeInBackground } from './close-in-background.ts';
import { RETRY_TICKS } from './retry-ticks.ts';

/** How long a node may take to return its state. */
const READ_TIMEOUT_MS = 500;

/** Ticks after which the client of an unused node is closed. */
const IDLE_TICKS = 60;

/** Maximum nodes with an open client; each adds five endpoints to the graph. */
const MAX_CLIENTS = 512;

interface Asked {
  readonly client: Promise<LifecycleClient>;
  label: LifecycleStateLabel | undefined;
  failed: boolean;
  underWay: boolean;
  lastTick: number;
  /** The tick from which a failed client may be opened again. */
  retryTick: number;
}

/** The states of managed nodes: requested while they are needed, and updated by events. */
export class StateReader {
  readonly #node: LocalNode;
  readonly #log: Log;
  readonly #asked = new Map<string, Asked>();
  readonly #isNewFailure = oncePerKey();

  constructor(node: LocalNode, log: Log) {
    this.#node = node;
    this.#log = log;
  }

  /** Requests the state of a managed node, unless a request is pending, and returns the last known one. */
  ask(fqn: string, tick: number): LifecycleReading {
    const known = this.#asked.get(fqn);
    const asked = known && tick < known.retryTick ? known : this.#open(fqn, tick);
    if (!asked) return { kind: 'unread' };
    asked.lastTick = tick;
    if (!asked.underWay) void this.#read(asked);
    return readingOf(asked);
  }

  /** Returns the last known state without a request. */
  reading(fqn: string): LifecycleReading {
    const asked = this.#asked.get(fqn);
    return asked ? readingOf(asked) : { kind: 'unread' };
  }

  /** Returns the last state of a node, if it still answers. */
  known(fqn: string): LifecycleStateLabel | undefined {
    const reading = this.reading(fqn);
    return reading.kind === 'state' ? reading.label : undefined;
  }

  /** Closes clients that are no longer needed. */
  tidy(tick: number): void {
    for (const [fqn, { lastTick, client }] of this.#asked) {
      if (tick - lastTick <= IDLE_TICKS) continue;
      this.#asked.delete(fqn);
      closeInBackground(`The client of ${fqn}`, opened(client), this.#log);
    }
  }

  async stop(): Promise<void> {
    const clients = [...this.#asked.values()].map(({ client }) => client);
    this.#asked.clear();
    await Promise.all(clients.map(async (client) => (await opened(client))?.close()));
  }

  #open(fqn: string, tick: number): Asked | undefined {
    if (this.#asked.size >= MAX_CLIENTS && !this.#asked.has(fqn)) return undefined;
    const onState = (label: LifecycleStateLabel): void => {
      asked.label = label;
      asked.failed = false;
    };
    const client = openLifecycleClient(this.#node, { target: fqn, onState });
    const never = Number.POSITIVE_INFINITY;
    const asked: Asked = { client, label: undefined, failed: false, underWay: false, lastTick: tick, retryTick: never };
    client.catch((error: unknown) => {
      asked.retryTick = tick + RETRY_TICKS;
      const failure = `Cannot request the state of ${fqn}: ${errorMessage(error)}`;
      if (this.#isNewFailure(failure)) this.#log('warn', failure);
    });
    this.#asked.set(fqn, asked);
    return asked;
  }

  async #read(asked: Asked): Promise<void> {
    asked.underWay = true;
    try {
      asked.label = await (await asked.client).state({ timeoutMs: READ_TIMEOUT_MS });
      asked.failed = false;
    } catch {
      // Whatever the reason, the state is unknown, which is reported.
      asked.failed = true;
    } finally {
      asked.underWay = false;
    }
  }
}

function readingOf({ label, failed }: Asked): LifecycleReading {
  if (failed) return { kind: 'unreadable' };
  return label === undefined ? { kind: 'unread' } : { kind: 'state', label };
}

/** A failure to open was logged before, and there is nothing to close. */
function opened(client: Promise<LifecycleClient>): Promise<LifecycleClient | undefined> {
  return client.catch(() => undefined);
}
