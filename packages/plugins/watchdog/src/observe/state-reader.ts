import { type Log, notedOnce, reasonOf } from '@medkit/core';
import { type LifecycleClient, type LifecycleStateLabel, type LocalNode, openLifecycleClient } from '@medkit/ros2';
import type { LifecycleReading } from '../detectors/lifecycle-expectation.ts';
import { letGo } from './let-go.ts';
import { RETRY_TICKS } from './retry-ticks.ts';

/** How long a node may take to tell its state. */
const READ_TIMEOUT_MS = 500;

/** Ticks after which a client of a node that nobody asks about is closed. */
const IDLE_TICKS = 60;

/** Nodes that are asked at once, each with five endpoints of ours. */
const MAX_CLIENTS = 512;

interface Asked {
  readonly client: Promise<LifecycleClient>;
  label: LifecycleStateLabel | undefined;
  failed: boolean;
  underWay: boolean;
  lastTick: number;
  /** The tick from which on it may be opened anew, where it could not be. */
  retryTick: number;
}

/** The states of managed nodes, asked for as long as somebody wants to know, and heard of as they change. */
export class StateReader {
  readonly #node: LocalNode;
  readonly #log: Log;
  readonly #asked = new Map<string, Asked>();
  readonly #isNewFailure = notedOnce();

  constructor(node: LocalNode, log: Log) {
    this.#node = node;
    this.#log = log;
  }

  /** Asks a managed node, unless it still owes an answer, and gives what is known of it by now. */
  ask(fqn: string, tick: number): LifecycleReading {
    const known = this.#asked.get(fqn);
    const asked = known && tick < known.retryTick ? known : this.#open(fqn, tick);
    if (!asked) return { kind: 'unread' };
    asked.lastTick = tick;
    if (!asked.underWay) void this.#read(asked);
    return readingOf(asked);
  }

  /** What is known of a node, without asking it. */
  reading(fqn: string): LifecycleReading {
    const asked = this.#asked.get(fqn);
    return asked ? readingOf(asked) : { kind: 'unread' };
  }

  /** The state that a node gave last, where it still gives one. */
  known(fqn: string): LifecycleStateLabel | undefined {
    const reading = this.reading(fqn);
    return reading.kind === 'state' ? reading.label : undefined;
  }

  /** Closes clients that are no longer needed. */
  tidy(tick: number): void {
    for (const [fqn, { lastTick, client }] of this.#asked) {
      if (tick - lastTick <= IDLE_TICKS) continue;
      this.#asked.delete(fqn);
      letGo(`The client of ${fqn}`, opened(client), this.#log);
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
      const failure = `The state of ${fqn} cannot be asked for: ${reasonOf(error)}`;
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
      // Whatever the reason, its state is not known: that is what is told of it.
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

/** A client that could not be opened was told of then, and there is nothing to close. */
function opened(client: Promise<LifecycleClient>): Promise<LifecycleClient | undefined> {
  return client.catch(() => undefined);
}
