import { SovdError } from '@medkit/contract';
import {
  callContext,
  type DataReading,
  type DataWatch,
  type JsonValue,
  stringifyCached,
  stringifyJson,
} from '@medkit/core';
import { valueAt } from '@medkit/core/json';
import type { Clock, Timer } from '@medkit/edges';
import { type DataService, primaryValue } from '@medkit/entities';
import { type FollowedValue, problemText, type Revisions } from './followed-value.ts';
import type { Pauses } from './pauses.ts';
import type { WatchedValue } from './watch-list.ts';

/** Timeout for starting a watch, or for a read. */
const CALL_TIMEOUT_MS = 5000;
/** Retry interval after an error, unless a change of the tree causes an earlier retry. */
const RETRY_MS = 5000;
/**
 * After this time, and this many of its periods, without a value, the item is read to see whether it still has
 * publishers.
 */
const SILENT_MS = 1000;
const SILENT_PERIODS = 3;
const NS_PER_MS = 1_000_000n;
/** Error codes of an item that does not exist, or that the clients may not read: the gateway waits for it. */
const GONE: readonly string[] = [
  'entity-not-found',
  'insufficient-access-rights',
  'invalid-parameter',
  'resource-not-found',
];

export interface LiveItemOptions {
  readonly data: Pick<DataService, 'reading' | 'watch'>;
  readonly clock: Clock;
  readonly pauses: Pauses;
  readonly revisions: Revisions;
  readonly item: Pick<WatchedValue, 'kind' | 'entityId' | 'item'>;
  /** Called at every change. */
  readonly changed: () => void;
}

interface Sample {
  readonly value: JsonValue;
  readonly timestampNs: bigint;
  readonly type?: string | undefined;
}

/**
 * A data item of this gateway with clients that follow it or a part of it: it is read and decoded once for all of them.
 * If its provider sends values, the item takes at most one in the shortest period of its clients; otherwise it is
 * polled at that period.
 */
export class LiveItem {
  readonly #options: LiveItemOptions;
  readonly #ended = new AbortController();
  readonly #texts = new Map<string | undefined, { readonly revision: number; readonly text: string }>();
  #periodMs: number;
  #watch: DataWatch | undefined;
  #latest: Sample | undefined;
  /** Publisher count of a silent item; `undefined` while values arrive. */
  #publishers: number | undefined;
  #problem: unknown;
  #revision = 0;
  #receivedMs: number;
  #readMs: number;
  #asking = false;
  #isOver = false;
  /** The tree may have changed since the last read. */
  #isStale = false;
  #next: Timer | undefined;

  constructor(options: LiveItemOptions, periodMs: number) {
    this.#options = options;
    this.#periodMs = periodMs;
    this.#receivedMs = options.clock.monotonicMs();
    this.#readMs = this.#receivedMs;
    void this.#begin();
  }

  get revision(): number {
    return this.#revision;
  }

  get isMissing(): boolean {
    return this.#problem instanceof SovdError && GONE.includes(this.#problem.code);
  }

  pace(periodMs: number): void {
    this.#periodMs = periodMs;
  }

  /** Returns the JSON of a part of the value. */
  text(pointer: string | undefined): string | undefined {
    if (this.#revision === 0) return undefined;
    const known = this.#texts.get(pointer);
    if (known?.revision === this.#revision) return known.text;
    const text = this.#written(pointer);
    this.#texts.set(pointer, { revision: this.#revision, text });
    return text;
  }

  /**
   * Called periodically. `isStale` says that entities or items may have changed since; `isThere` that the entity
   * exists.
   */
  look(isStale: boolean, isThere: boolean): void {
    this.#isStale ||= isStale;
    if (this.#asking) return;
    const nowMs = this.#options.clock.monotonicMs();
    const isOld = nowMs - this.#readMs >= RETRY_MS;
    if (this.#problem !== undefined || !this.#latest) {
      if (this.#isStale || isOld) void (this.#watch ? this.#ask() : this.#begin());
      return;
    }
    const isSilent = nowMs - this.#receivedMs >= Math.max(SILENT_MS, SILENT_PERIODS * this.#periodMs);
    if (!isThere || (this.#watch && isSilent && (this.#isStale || isOld))) void this.#ask();
  }

  close(): void {
    this.#isOver = true;
    this.#ended.abort();
    this.#unsubscribe();
  }

  async #begin(): Promise<void> {
    const { data, item } = this.#options;
    this.#asking = true;
    try {
      this.#next?.cancel();
      const { kind, entityId, item: id } = item;
      const watch = await data.watch(kind, entityId, id, (sample) => this.#take(sample), this.#call());
      if (this.#isOver) end(watch);
      else this.#watch = watch;
    } catch (error) {
      this.#fail(error);
    }
    if (this.#problem === undefined) await this.#ask();
    this.#asking = false;
    if (!this.#watch && this.#problem === undefined) this.#readNext();
  }

  /** Reads the current value and the publisher count. */
  async #ask(): Promise<void> {
    const { data, item, clock } = this.#options;
    this.#asking = true;
    this.#isStale = false;
    this.#readMs = clock.monotonicMs();
    try {
      this.#read(await data.reading(item.kind, item.entityId, item.item, this.#call()));
    } catch (error) {
      // A watched item sends its next value by itself.
      if (!this.#watch || !this.#latest || isGone(error)) this.#fail(error);
    }
    this.#asking = false;
  }

  #read({ value, timestampNs, type, publisherCount }: DataReading): void {
    if (this.#isOver) return;
    const isNewer = value !== undefined && (!this.#latest || timestampNs > this.#latest.timestampNs);
    const publishers = publisherCount === 0 || (!isNewer && !this.#latest) ? publisherCount : undefined;
    if (!isNewer && publishers === this.#publishers && this.#problem === undefined && this.#revision > 0) return;
    if (isNewer) this.#latest = { value, timestampNs, type };
    this.#publishers = publishers;
    this.#problem = undefined;
    this.#notify();
  }

  /** Polls the item once per period, until an error occurs or the provider sends values. */
  #readNext(): void {
    if (this.#isOver) return;
    this.#next = this.#options.clock.after(this.#periodMs, async () => {
      await this.#ask();
      if (this.#problem === undefined) this.#readNext();
    });
  }

  /** Resolves when the next value is wanted, after the period; the newest one is taken then. */
  #take(sample: Sample): Promise<void> | undefined {
    const { clock, pauses } = this.#options;
    if (this.#isOver) return undefined;
    this.#latest = sample;
    this.#publishers = undefined;
    this.#problem = undefined;
    this.#receivedMs = clock.monotonicMs();
    this.#notify();
    return pauses.of(this.#periodMs);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#readMs = this.#options.clock.monotonicMs();
    if (isGone(error)) {
      this.#unsubscribe();
      this.#latest = undefined;
      this.#publishers = undefined;
    }
    const isKnown = this.#problem !== undefined && problemText(this.#problem) === problemText(error);
    this.#problem = error ?? new SovdError({ code: 'internal-error' });
    if (!isKnown) this.#notify();
  }

  #unsubscribe(): void {
    this.#next?.cancel();
    end(this.#watch);
    this.#watch = undefined;
  }

  #notify(): void {
    this.#revision = this.#options.revisions.next();
    this.#options.changed();
  }

  #written(pointer: string | undefined): string {
    const members: string[] = [];
    const value = this.#latest && partOf(this.#latest, pointer);
    if (value !== undefined) members.push(`"value":${stringifyCached(value, new Set([this.#latest?.value]))}`);
    if (this.#latest) members.push(`"at_ms":${Number(this.#latest.timestampNs / NS_PER_MS)}`);
    if (this.#publishers !== undefined) members.push(`"publishers":${this.#publishers}`);
    if (this.#problem !== undefined) members.push(`"error":${problemText(this.#problem)}`);
    else if (this.#latest && value === undefined)
      members.push(`"error":${nothingAt(this.#options.item.item, pointer)}`);
    return `{${members.join(',')}}`;
  }

  #call() {
    return callContext({ clock: this.#options.clock, timeoutMs: CALL_TIMEOUT_MS, signal: this.#ended.signal });
  }
}

/** Returns a followed value for a part of an item, which all of its clients share. */
export function partOfItem(
  item: LiveItem,
  pointer: string | undefined,
  life: Pick<FollowedValue, 'pace' | 'release'>,
): FollowedValue {
  return {
    get revision() {
      return item.revision;
    },
    get isMissing() {
      return item.isMissing;
    },
    text: () => item.text(pointer),
    ...life,
  };
}

function partOf({ value, type }: Sample, pointer: string | undefined): JsonValue | undefined {
  if (pointer !== undefined) return valueAt(value, pointer);
  return (type === undefined ? undefined : primaryValue(type, value)) ?? value;
}

function nothingAt(item: string, pointer: string | undefined): string {
  const message = `The value of ${item} has no member at ${pointer}`;
  return stringifyJson({ error_code: 'resource-not-found', message });
}

function isGone(error: unknown): boolean {
  return error instanceof SovdError && GONE.includes(error.code);
}

/** Ignores an error at the end of a watch: its clients can do nothing about it. */
function end(watch: DataWatch | undefined): void {
  void watch?.close().catch(() => undefined);
}
