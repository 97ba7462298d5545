import type { Clock, Timer } from '@medkit/edges';
import { type EventFrame, eventFrame, type ServerEvent } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { Revisions } from './followed-value.ts';
import type { LiveValue, ValueUser } from './live-value.ts';

/** What comes closer together than this is told as one. */
const GATHER_MS = 5;

/** The tree as streams tell of it. */
export interface ToldTree {
  readonly revision: number;
  readonly event: ServerEvent;
}

export interface LiveRoomOptions {
  readonly clock: Clock;
  readonly revisions: Revisions;
  readonly intervalMs: number;
  /** Absent where nobody here wants to hear of it. */
  readonly tree?: (() => ToldTree) | undefined;
}

interface Client {
  readonly stream: EventStream;
  /** What it is to be told when it can take it. */
  readonly next: () => EventFrame | undefined;
}

/**
 * The clients that look at the same values at the same pace. What is to be told is put together once for all who have seen the
 * same; one that reads too slowly is passed over, and told the newest of all that it missed when it has read.
 */
export class LiveRoom implements ValueUser {
  readonly #options: LiveRoomOptions;
  readonly #clients = new Set<Client>();
  #values: readonly LiveValue[] = [];
  #next: Timer | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  /** Frames of everything up to a revision, by what was seen before. */
  #frames: { upTo: number; readonly by: Map<number, EventFrame | undefined> } = { upTo: -1, by: new Map() };

  constructor(options: LiveRoomOptions) {
    this.#options = options;
  }

  get intervalMs(): number {
    return this.#options.intervalMs;
  }

  get isEmpty(): boolean {
    return this.#clients.size === 0;
  }

  /** What is told from now on, by its place among these. */
  show(values: readonly LiveValue[]): void {
    this.#values = values;
  }

  /** Tells a client everything that is known, then what comes. Gives a way to leave. */
  join(stream: EventStream): () => void {
    /** The revision up to which it was told everything. */
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

  /** Something is another than before. */
  touch(): void {
    if (this.#next || this.isEmpty) return;
    const { clock, intervalMs } = this.#options;
    const dueMs = this.#toldMs + intervalMs - clock.monotonicMs();
    this.#next = clock.after(Math.max(GATHER_MS, dueMs), () => {
      this.#next = undefined;
      this.#toldMs = clock.monotonicMs();
      for (const { stream, next } of this.#clients) stream.offer(next);
    });
  }

  /** Sends the same to all at once, in the place of nothing. */
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
