import type { Clock, Timer } from '@medkit/edges';
import type { Bag, BagShelf } from '../files/bag.ts';
import type { HeldSample, RingWindow } from '../ring/sample-ring.ts';
import { isInScope, joinedScope, type RecordingScope } from '../selection/select-topics.ts';
import type { KeyedTopic, TopicDescription } from '../tap/tap-provider.ts';
import type { Recording, RecordingSettings } from './recording.ts';
import { SampleFeed } from './sample-feed.ts';

/** Faults that one recording is of; the topics of further ones are recorded with it all the same. */
export const MAX_FAULTS = 33;

interface Dependencies {
  readonly id: string;
  readonly faultCode: string;
  /** Topics that belong into it; `undefined` is all. */
  readonly scope: RecordingScope | undefined;
  readonly settings: RecordingSettings;
  readonly shelf: BagShelf;
  readonly clock: Clock;
  readonly describe: (topic: KeyedTopic) => Promise<TopicDescription>;
}

/** One recording, from a fault to a file: it takes samples until its post-roll is over. */
export class RunningRecording {
  readonly #given: Dependencies;
  readonly #feed: SampleFeed;
  readonly #faultCodes = new Set<string>();
  readonly #beganMs: number;
  readonly #beganNs: bigint;
  #scope: RecordingScope | undefined;
  #firstMs: number;
  #endedMs: number | undefined;
  #postRoll: Timer | undefined;
  #bag: Bag | undefined;
  #aborted = false;

  /** @param window what came before; it is not kept, so that what is written is let go of */
  constructor(given: Dependencies, window: RingWindow) {
    this.#given = given;
    const { clock, faultCode, scope, settings, describe } = given;
    // What waits may be the whole buffer, and as much again of what comes while that is written.
    this.#feed = new SampleFeed(
      { maxWaiting: 2 * settings.maxBufferOctets, maxTotal: settings.maxRecordingOctets },
      describe,
    );
    this.#faultCodes.add(faultCode);
    this.#beganMs = clock.monotonicMs();
    this.#beganNs = clock.wallNs();
    this.#firstMs = this.#beganMs;
    this.#scope = scope;
    this.#putWindow(window, (topic) => isInScope(scope, topic));
    if (settings.postRollMs > 0) this.#postRoll = clock.after(settings.postRollMs, () => this.end());
    else this.end();
  }

  /** Whether it still takes samples and faults. */
  get isOpen(): boolean {
    return this.#endedMs === undefined;
  }

  covers(faultCode: string): boolean {
    return this.#faultCodes.has(faultCode);
  }

  /** Another fault came while this one is recorded: its topics join, from their part of the window on. */
  attach(faultCode: string, scope: RecordingScope | undefined, window: () => RingWindow): void {
    if (this.#faultCodes.size < MAX_FAULTS) this.#faultCodes.add(faultCode);
    const before = this.#scope;
    if (!before) return;
    const joined = joinedScope(before, scope);
    if (joined === before) return;
    this.#scope = joined;
    this.#putWindow(window(), (topic) => isInScope(joined, topic) && !isInScope(before, topic));
  }

  /** The fault was cleared and wants no recording; what nobody wants is not kept. */
  forget(faultCode: string): void {
    this.#faultCodes.delete(faultCode);
    if (!this.#isWanted) this.end();
  }

  put(held: HeldSample): void {
    if (isInScope(this.#scope, held.topic)) this.#feed.put(held, held.sample.receivedNs);
  }

  /** Ends the post-roll, now. */
  end(): void {
    if (!this.isOpen) return;
    this.#endedMs = this.#given.clock.monotonicMs();
    this.#postRoll?.cancel();
    this.#feed.seal();
  }

  /**
   * Writes until the post-roll is over and all is on disk. Gives `undefined` where no fault is left that wants the
   * recording. Rejects where it cannot be written; nothing of it is left then.
   */
  async run(): Promise<Recording | undefined> {
    const { id, settings, shelf, clock } = this.#given;
    const { folder, format, maxFileOctets } = settings;
    try {
      this.#bag = await shelf.open({ id, folder, format, maxFileOctets });
      this.#refuseIfAborted();
      await this.#feed.drainInto(this.#bag);
      this.#refuseIfAborted();
      if (!this.#isWanted) {
        await this.#bag.discard();
        return undefined;
      }
      const stored = await this.#bag.finish([...this.#faultCodes]);
      if (!this.#isWanted) {
        await shelf.remove(stored.path);
        return undefined;
      }
      return {
        ...stored,
        id,
        format,
        faultCodes: [...this.#faultCodes],
        durationMs: (this.#endedMs ?? this.#beganMs) - this.#firstMs,
        createdAtNs: clock.wallNs(),
        leftOut: this.#feed.leftOut,
      };
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /** Gives up, whatever the writer does at this moment. */
  async abort(): Promise<void> {
    this.#aborted = true;
    this.end();
    await this.#bag?.discard();
  }

  #refuseIfAborted(): void {
    if (this.#aborted) throw new Error('it was given up');
  }

  get #isWanted(): boolean {
    return this.#faultCodes.size > 0;
  }

  /** What was latched before comes first, at the time at which the window begins: a player need not wait for it. */
  #putWindow({ latched, samples }: RingWindow, isMeant: (topic: KeyedTopic) => boolean): void {
    const meant = samples.filter(({ topic }) => isMeant(topic));
    const [first] = meant;
    if (first) this.#firstMs = Math.min(this.#firstMs, first.arrivedMs);
    const beginNs = first?.sample.receivedNs ?? this.#beganNs;
    for (const held of latched) if (isMeant(held.topic)) this.#feed.put(held, beginNs);
    for (const held of meant) this.#feed.put(held, held.sample.receivedNs);
  }
}
