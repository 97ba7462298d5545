import type { Clock, Timer } from '@medkit/edges';
import { type EventFrame, eventFrame, type ServerEvent } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { Revisions } from './followed-value.ts';
import type { LiveValue, ValueSubscriber } from './live-value.ts';

/** Changes within this time are sent as one event. */
const GATHER_MS = 5;

/** The state of the tree as streams send it. */
export interface SentTree {
  readonly revision: number;
  readonly event: ServerEvent;
}

export interface LiveGroupOptions {
  readonly clock: Clock;
  readonly revisions: Revisions;
  readonly intervalMs: number;
  /** Absent if no client of this room follows the tree. */
  readonly tree?: (() => SentTree) | undefined;
}

interface Client {
  readonly stream: EventStream;
  /** Returns the next frame when the client can take it. */
  readonly next: () => EventFrame | undefined;
}

/**
 * Clients with the same values and interval. Frames are created once for all clients with the same position. A slow
 * client is skipped, and later receives the newest state of everything that it missed.
 */
export class LiveGroup implements ValueSubscriber {
  readonly #options: LiveGroupOptions;
  readonly #clients = new Set<Client>();
  #values: readonly LiveValue[] = [];
  #next: Timer | undefined;
  #sentMs = Number.NEGATIVE_INFINITY;
  /** Frames up to revision `upTo`, by the position of the client. */
  #frames: { upTo: number; readonly by: Map<number, EventFrame | undefined> } = { upTo: -1, by: new Map() };

  constructor(options: LiveGroupOptions) {
    this.#options = options;
  }

  get intervalMs(): number {
    return this.#options.intervalMs;
  }

  get isEmpty(): boolean {
    return this.#clients.size === 0;
  }

  /** Sets the values, whose index identifies them in events. */
  show(values: readonly LiveValue[]): void {
    this.#values = values;
  }

  /** Sends a client the current state, then all changes. Returns a function that removes it. */
  join(stream: EventStream): () => void {
    /** Revision up to which the client is up to date. */
    let upTo = 0;
    const next = (): EventFrame | undefined => {
      const seen = upTo;
      upTo = this.#options.revisions.last;
      return this.#frameAfter(seen);
    };
    const client = { stream, next };
    this.#clients.add(client);
    stream.offer(next);
    return () => {
      this.#clients.delete(client);
      if (!this.isEmpty) return;
      this.#next?.cancel();
      this.#next = undefined;
    };
  }

  /** Schedules an update after a change. */
  touch(): void {
    if (this.#next || this.isEmpty) return;
    const { clock, intervalMs } = this.#options;
    const dueMs = this.#sentMs + intervalMs - clock.monotonicMs();
    this.#next = clock.after(Math.max(GATHER_MS, dueMs), () => {
      this.#next = undefined;
      this.#sentMs = clock.monotonicMs();
      for (const { stream, next } of this.#clients) stream.offer(next);
    });
  }

  /** Sends a frame to all clients immediately, in addition to values. */
  send(frame: EventFrame): void {
    for (const { stream } of this.#clients) stream.send(frame);
  }

  #frameAfter(seen: number): EventFrame | undefined {
    const { last } = this.#options.revisions;
    if (this.#frames.upTo !== last) this.#frames = { upTo: last, by: new Map() };
    const { by } = this.#frames;
    if (!by.has(seen)) by.set(seen, this.#made(seen));
    return by.get(seen);
  }

  #made(seen: number): EventFrame | undefined {
    const events: ServerEvent[] = [];
    const tree = this.#options.tree?.();
    if (tree && tree.revision > seen) events.push(tree.event);
    let values = '';
    for (const [place, value] of this.#values.entries()) {
      if (value.revision > seen) values += `${values === '' ? '' : ','}"${place}":${value.text()}`;
    }
    if (values !== '') {
      const atMs = Math.floor(this.#options.clock.wallMs());
      events.push({ event: 'values', data: `{"at_ms":${atMs},"values":{${values}}}` });
    }
    return events.length > 0 ? eventFrame(...events) : undefined;
  }
}
