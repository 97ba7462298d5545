import { errorMessage, isPromise, type Log } from '@medkit/core';
import {
  type Clock,
  type HttpClient,
  type Random,
  redacted,
  retryAfterMs,
  retryDelayMs,
  secretsOfRequest,
  type Timer,
} from '@medkit/edges';
import { BatchQueue, type QueueBounds } from './batch-queue.ts';
import type { BatchSink, Verdict } from './log-sink.ts';

/** Queue while a sink is unreachable: some minutes of a verbose robot, at most 16 MiB. */
const QUEUE: QueueBounds = { entries: 20_000, characters: 8_388_608 };
/** Maximum entries of one request; well below the default limits of all sinks. */
const BATCH: QueueBounds = { entries: 500, characters: 524_288 };
/** How long an entry waits for more entries to share its request. */
const LINGER_MS = 1000;
const REQUEST_TIMEOUT_MS = 10_000;
/** Minimum interval between log messages about refused entries. */
const REFUSAL_LOG_INTERVAL_MS = 60_000;
/** Delay before a failed request is repeated, and the maximum that a sink may request. */
const RETRY = { firstMs: 500, maxMs: 60_000 };
const MAX_RETRY_AFTER_MS = 300_000;
/** The request was too large; a smaller batch may pass. */
const PAYLOAD_TOO_LARGE = 413;

export interface BatchForwarderOptions<Entry> {
  readonly sink: BatchSink<Entry>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** State of one sink in `/health`. */
export interface ForwarderState {
  readonly origin: string;
  readonly state: 'delivering' | 'retrying';
  /** Waiting entries, including those in the running request. */
  readonly queued: number;
  readonly delivered_total: number;
  /** Entries dropped in favor of newer ones, or left at shutdown. */
  readonly dropped_total: number;
  /** Entries that the sink rejected. */
  readonly refused_total: number;
  readonly failures_in_a_row: number;
  readonly next_try_in_ms?: number;
  readonly last_error?: string;
}

/**
 * Forwards entries to one sink in batches, one request at a time. If the sink is unreachable, retries with increasing
 * delays. The queue is bounded; every entry is delivered, waiting or counted as lost.
 */
export class BatchForwarder<Entry> {
  readonly #options: BatchForwarderOptions<Entry>;
  readonly #queue: BatchQueue<Entry>;
  readonly #end = new AbortController();
  /** Entries that were sent once and must be sent again. */
  #again: readonly Entry[] = [];
  #batchEntries = BATCH.entries;
  #timer: Timer | undefined;
  #nextTryMs = 0;
  #sending: Promise<void> | undefined;
  #closed = false;
  #delivered = 0;
  #refused = 0;
  #abandoned = 0;
  #failures = 0;
  #lastError: string | undefined;
  #refusalLoggedMs = Number.NEGATIVE_INFINITY;

  constructor(options: BatchForwarderOptions<Entry>) {
    this.#options = options;
    this.#queue = new BatchQueue(QUEUE, options.sink.charactersOf);
  }

  /** Queues an entry; never waits. */
  offer(entry: Entry): void {
    if (this.#closed) return;
    this.#queue.push(entry);
    if (this.#sending) return;
    // A full batch is sent without lingering, but does not shorten a back-off.
    if (this.#failures === 0 && this.#queue.length >= this.#batchEntries) this.#begin();
    else this.#timer ??= this.#later(LINGER_MS);
  }

  get name(): string {
    return this.#options.sink.name;
  }

  state(): ForwarderState {
    const { sink, clock } = this.#options;
    return {
      origin: sink.origin,
      state: this.#failures > 0 ? 'retrying' : 'delivering',
      queued: this.#waiting,
      delivered_total: this.#delivered,
      dropped_total: this.#queue.dropped + this.#abandoned,
      refused_total: this.#refused,
      failures_in_a_row: this.#failures,
      ...(this.#failures > 0 && { next_try_in_ms: Math.max(0, Math.round(this.#nextTryMs - clock.monotonicMs())) }),
      ...(this.#lastError !== undefined && { last_error: this.#lastError }),
    };
  }

  /** Stops accepting entries, and sends the queued ones for at most `withinMs` or until the sink fails. */
  async close(withinMs: number): Promise<void> {
    const { clock, sink, log } = this.#options;
    this.#closed = true;
    const late = clock.after(withinMs, () => this.#end.abort());
    this.#timer?.cancel();
    await this.#sending;
    let failed = false;
    while (this.#waiting > 0 && !failed && !this.#end.signal.aborted) {
      await this.#send();
      failed = this.#failures > 0;
    }
    late.cancel();
    if (this.#waiting === 0) return;
    log('warn', `${sink.title}: ${this.#waiting} entries were not delivered before the gateway stopped`);
    this.#abandoned += this.#waiting;
    this.#again = [];
    this.#queue.take({ entries: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY });
  }

  get #waiting(): number {
    return this.#again.length + this.#queue.length;
  }

  #later(delayMs: number): Timer {
    this.#nextTryMs = this.#options.clock.monotonicMs() + delayMs;
    return this.#options.clock.after(delayMs, () => this.#begin());
  }

  #begin(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#sending = this.#send().then((patienceMs) => {
      this.#sending = undefined;
      if (this.#closed || this.#waiting === 0) return;
      const full = this.#failures === 0 && this.#waiting >= this.#batchEntries;
      this.#timer = this.#later(full ? 0 : Math.max(patienceMs, this.#failures === 0 ? LINGER_MS : 0));
    });
  }

  /** Sends a batch and processes its result. Resolves with the delay before the next batch. */
  async #send(): Promise<number> {
    const { sink, http, clock, random } = this.#options;
    const batch = this.#again.length > 0 ? this.#again : this.#queue.take({ ...BATCH, entries: this.#batchEntries });
    const now = batch.slice(0, this.#batchEntries);
    const rest = batch.slice(this.#batchEntries);
    let requestedMs = 0;
    let verdict: Verdict<Entry>;
    let secrets: readonly string[] = [];
    // A batch counts as waiting while its request runs.
    this.#again = batch;
    try {
      const { signal } = this.#end;
      const pending = sink.request(now);
      const request = isPromise(pending) ? await pending : pending;
      secrets = secretsOfRequest(request.url, request.headers);
      const sent = await http.send({ method: 'POST', ...request, timeoutMs: REQUEST_TIMEOUT_MS, signal });
      // Many collectors repeat the request in their errors, including credentials.
      const reply = { ...sent, body: redacted(sent.body, secrets) };
      verdict = sink.verdict(reply, now);
      requestedMs = retryAfterMs(reply, clock, MAX_RETRY_AFTER_MS);
      if (reply.status === PAYLOAD_TOO_LARGE && now.length > 1) {
        this.#batchEntries = Math.ceil(now.length / 2);
        verdict = { retry: now, refused: 0, reason: 'the request was too large' };
      }
    } catch (error) {
      verdict = { retry: now, refused: 0, reason: redacted(errorMessage(error), secrets) };
    }
    this.#again = [...verdict.retry, ...rest];
    this.#note(verdict, now.length);
    return this.#failures === 0 ? 0 : Math.max(requestedMs, retryDelayMs(RETRY, this.#failures, random));
  }

  #note({ retry, refused, reason }: Verdict<Entry>, sent: number): void {
    const { sink, log, clock } = this.#options;
    this.#delivered += sent - retry.length - refused;
    this.#refused += refused;
    if (reason !== undefined) this.#lastError = reason;
    if (refused > 0 && clock.monotonicMs() - this.#refusalLoggedMs >= REFUSAL_LOG_INTERVAL_MS) {
      this.#refusalLoggedMs = clock.monotonicMs();
      log('warn', `${sink.title} rejects entries, ${this.#refused} so far: ${reason}`);
    }
    if (retry.length > 0 && this.#failures++ === 0) {
      log('warn', `${sink.title} is not available now, entries are queued: ${reason}`);
    }
    if (retry.length > 0 || this.#failures === 0) return;
    log('info', `${sink.title} is available again after ${this.#failures} failed attempts`);
    this.#failures = 0;
  }
}
