import type { Client } from '@medkit/client';
import type { FaultStreamEvent } from '@medkit/contract';
import { type Clock, Deadline, type Timer } from '@medkit/edges';
import { ActiveFaults } from './active-faults.ts';
import { RepeatedReading } from './repeated-reading.ts';
import { unavailableReason } from './unavailable-reason.ts';

export interface FollowerOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Called whenever the gateway is available (again), before its faults are read. */
  readonly onOpen: (signal: AbortSignal) => Promise<void>;
  /** Called when the faults change, or when the gateway becomes available or unavailable. */
  readonly onChange: () => void;
}

/** Pause between attempts to open the stream. */
const AGAIN_MS = 1000;
const MAX_PAUSE_MS = 2000;
/** Silence after which the gateway is probed: a connection may be dead without notice. */
const SILENCE_MS = 5000;
/** Delay until a list without some gateways is read again. */
const INCOMPLETE_MS = 5000;
const LOOK_EVERY_MS = 1000;
/** Request timeout; a reply normally takes milliseconds. */
const ANSWER_MS = 5000;

/** Follows the faults of a gateway. The event stream triggers reading the list, and reports faults that ended. */
export class FaultFollower {
  readonly #options: FollowerOptions;
  readonly #standing = new ActiveFaults();
  readonly #reading: RepeatedReading;
  readonly #stopping = new AbortController();
  readonly #listLimit: Deadline;
  readonly #lookLimit: Deadline;
  /** Aborts pending requests and is then replaced. One controller per request would cost more. */
  #asking = new AbortController();
  /** Controller of the open stream, or `undefined`. */
  #stream: AbortController | undefined;
  #watch: Timer | undefined;
  #lastReturnedMs = 0;
  #listedMs = 0;
  #isLooking = false;
  #hasList = false;
  #problem: string | undefined;
  #following: Promise<void> | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#listLimit = new Deadline(options.clock);
    this.#lookLimit = new Deadline(options.clock);
    this.#reading = new RepeatedReading({ clock: options.clock, read: () => this.#readList() });
  }

  get standing(): ActiveFaults {
    return this.#standing;
  }

  /** True once the gateway has answered or failed to answer. */
  get isSettled(): boolean {
    return this.#hasList || this.#problem !== undefined;
  }

  /** Why the gateway is unavailable; cleared by the first list after it returns. */
  get problem(): string | undefined {
    return this.#problem;
  }

  start(): void {
    this.#watch = this.#options.clock.every(LOOK_EVERY_MS, () => void this.#lookAfter());
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#watch?.cancel();
    this.#reading.stop();
    this.#stopping.abort();
    this.#asking.abort();
    await this.#following;
    this.#listLimit.close();
    this.#lookLimit.close();
  }

  async #follow(): Promise<void> {
    const { client } = this.#options;
    const stopped = this.#stopping.signal;
    while (!stopped.aborted) {
      const ended = new AbortController();
      try {
        const events = client.events('streamFaults', {
          signal: AbortSignal.any([stopped, ended.signal]),
          maxPauseMs: MAX_PAUSE_MS,
          onOpen: () => void this.#begin(ended),
          onPause: (_ms, _count, cause) =>
            this.#lose(cause === undefined ? 'the gateway closed the fault stream' : unavailableReason(cause)),
        });
        for await (const { data } of events) this.#handle(data);
        if (!ended.signal.aborted) this.#lose('the gateway no longer offers the fault stream');
      } catch (error) {
        this.#lose(unavailableReason(error));
      }
      await client.pause(AGAIN_MS, stopped);
    }
  }

  async #begin(stream: AbortController): Promise<void> {
    this.#stream = stream;
    this.#lastReturnedMs = this.#options.clock.monotonicMs();
    await this.#options.onOpen(stream.signal);
    this.#reading.request();
  }

  #lose(problem: string): void {
    this.#stream = undefined;
    if (this.#stopping.signal.aborted || this.#problem === problem) return;
    this.#problem = problem;
    this.#options.onChange();
  }

  #handle(data: string): void {
    this.#lastReturnedMs = this.#options.clock.monotonicMs();
    const consequence = this.#consequenceOf(data);
    if (consequence === 'read') this.#reading.request();
    else if (consequence === 'gone') this.#options.onChange();
  }

  #consequenceOf(data: string) {
    try {
      return this.#standing.apply(JSON.parse(data) as FaultStreamEvent);
    } catch (error) {
      // An unreadable event: the list contains its information.
      if (error instanceof SyntaxError || error instanceof TypeError) return 'read';
      throw error;
    }
  }

  async #readList(): Promise<void> {
    const stream = this.#stream;
    this.#standing.beginList();
    try {
      const query = { status: 'confirmed' };
      const list = await this.#ask(this.#listLimit, (signal) =>
        this.#options.client.call('listAllFaults', { query, signal }),
      );
      this.#lastReturnedMs = this.#listedMs = this.#options.clock.monotonicMs();
      const isOther = this.#standing.takeList(list);
      const isBack = this.#problem !== undefined && stream !== undefined && stream === this.#stream;
      if (isBack) this.#problem = undefined;
      const isFirst = !this.#hasList;
      this.#hasList = true;
      if (isOther || isBack || isFirst) this.#options.onChange();
    } catch (error) {
      this.#standing.dropList();
      this.#giveUp(unavailableReason(error));
    }
  }

  /** Periodically probes a silent gateway, and checks whether missing gateways have returned. */
  async #lookAfter(): Promise<void> {
    if (this.#stream === undefined) return;
    const nowMs = this.#options.clock.monotonicMs();
    if (!this.#standing.isComplete && nowMs - this.#listedMs >= INCOMPLETE_MS) this.#reading.request();
    if (this.#isLooking || nowMs - this.#lastReturnedMs < SILENCE_MS) return;
    this.#isLooking = true;
    try {
      await this.#ask(this.#lookLimit, (signal) => this.#options.client.call('getVersionInfo', { signal }));
      this.#lastReturnedMs = this.#options.clock.monotonicMs();
    } catch (error) {
      this.#giveUp(unavailableReason(error));
    } finally {
      this.#isLooking = false;
    }
  }

  /** Handles a gateway that fails while its stream seems open: reopens the stream, which reads the list too. */
  #giveUp(problem: string): void {
    const stream = this.#stream;
    this.#lose(problem);
    stream?.abort();
  }

  async #ask<T>(limit: Deadline, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const asking = this.#asking;
    limit.begin(ANSWER_MS, () => {
      asking.abort(new DOMException(`no answer in ${ANSWER_MS} ms`, 'TimeoutError'));
      this.#asking = new AbortController();
    });
    try {
      return await ask(asking.signal);
    } finally {
      limit.end();
    }
  }
}
