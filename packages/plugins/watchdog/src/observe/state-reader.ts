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

interface Tracked {
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
  readonly #tracked = new Map<string, Tracked>();
  readonly #isNewFailure = oncePerKey();

  constructor(node: LocalNode, log: Log) {
    this.#node = node;
    this.#log = log;
  }

  /** Requests the state of a managed node, unless a request is pending, and returns the last known one. */
  ask(fqn: string, tick: number): LifecycleReading {
    const known = this.#tracked.get(fqn);
    const tracked = known && tick < known.retryTick ? known : this.#open(fqn, tick);
    if (!tracked) return { kind: 'unread' };
    tracked.lastTick = tick;
    if (!tracked.underWay) void this.#read(tracked);
    return readingOf(tracked);
  }

  /** Returns the last known state without a request. */
  reading(fqn: string): LifecycleReading {
    const tracked = this.#tracked.get(fqn);
    return tracked ? readingOf(tracked) : { kind: 'unread' };
  }

  /** Returns the last state of a node, if it still answers. */
  known(fqn: string): LifecycleStateLabel | undefined {
    const reading = this.reading(fqn);
    return reading.kind === 'state' ? reading.label : undefined;
  }

  /** Closes clients that are no longer needed. */
  tidy(tick: number): void {
    for (const [fqn, { lastTick, client }] of this.#tracked) {
      if (tick - lastTick <= IDLE_TICKS) continue;
      this.#tracked.delete(fqn);
      closeInBackground(`The client of ${fqn}`, opened(client), this.#log);
    }
  }

  async stop(): Promise<void> {
    const clients = [...this.#tracked.values()].map(({ client }) => client);
    this.#tracked.clear();
    await Promise.all(clients.map(async (client) => (await opened(client))?.close()));
  }

  #open(fqn: string, tick: number): Tracked | undefined {
    if (this.#tracked.size >= MAX_CLIENTS && !this.#tracked.has(fqn)) return undefined;
    const onState = (label: LifecycleStateLabel): void => {
      tracked.label = label;
      tracked.failed = false;
    };
    const client = openLifecycleClient(this.#node, { target: fqn, onState });
    const never = Number.POSITIVE_INFINITY;
    const tracked: Tracked = {
      client,
      label: undefined,
      failed: false,
      underWay: false,
      lastTick: tick,
      retryTick: never,
    };
    client.catch((error: unknown) => {
      tracked.retryTick = tick + RETRY_TICKS;
      const failure = `Cannot request the state of ${fqn}: ${errorMessage(error)}`;
      if (this.#isNewFailure(failure)) this.#log('warn', failure);
    });
    this.#tracked.set(fqn, tracked);
    return tracked;
  }

  async #read(tracked: Tracked): Promise<void> {
    tracked.underWay = true;
    try {
      tracked.label = await (await tracked.client).state({ timeoutMs: READ_TIMEOUT_MS });
      tracked.failed = false;
    } catch {
      // Whatever the reason, the state is unknown, which is reported.
      tracked.failed = true;
    } finally {
      tracked.underWay = false;
    }
  }
}

function readingOf({ label, failed }: Tracked): LifecycleReading {
  if (failed) return { kind: 'unreadable' };
  return label === undefined ? { kind: 'unread' } : { kind: 'state', label };
}

/** A failure to open was logged before, and there is nothing to close. */
function opened(client: Promise<LifecycleClient>): Promise<LifecycleClient | undefined> {
  return client.catch(() => undefined);
}
