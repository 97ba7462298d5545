import type { Clock, Timer } from '@medkit/edges';
import type { Bag, BagShelf } from '../files/bag.ts';
import type { RingSample, RingWindow } from '../ring/sample-ring.ts';
import { isInScope, mergeScopes, type RecordingScope } from '../selection/select-topics.ts';
import type { KeyedTopic, TopicDescription } from '../tap/tap-provider.ts';
import type { Recording, RecordingSettings } from './recording.ts';
import { SampleFeed } from './sample-feed.ts';

/** Maximum faults of one recording; the topics of further faults are still recorded. */
export const MAX_FAULTS = 33;

interface Dependencies {
  readonly id: string;
  readonly faultCode: string;
  /** Recorded topics; `undefined` for all. */
  readonly scope: RecordingScope | undefined;
  readonly settings: RecordingSettings;
  readonly shelf: BagShelf;
  readonly clock: Clock;
  readonly describe: (topic: KeyedTopic) => Promise<TopicDescription>;
}

/** One recording, from a fault to the file. It accepts samples until its post-roll ends. */
export class RunningRecording {
  readonly #dependencies: Dependencies;
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

  /** @param window the buffered samples; not stored, so that written samples can be freed */
  constructor(dependencies: Dependencies, window: RingWindow) {
    this.#dependencies = dependencies;
    const { clock, faultCode, scope, settings, describe } = dependencies;
    // The queue may hold the whole buffer, and as much again of what arrives while it is written.
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

  /** Whether it still accepts samples and faults. */
  get isOpen(): boolean {
    return this.#endedMs === undefined;
  }

  covers(faultCode: string): boolean {
    return this.#faultCodes.has(faultCode);
  }

  /** Adds another fault to the recording: its topics are recorded too, including their part of the window. */
  attach(faultCode: string, scope: RecordingScope | undefined, window: () => RingWindow): void {
    if (this.#faultCodes.size < MAX_FAULTS) this.#faultCodes.add(faultCode);
    const before = this.#scope;
    if (!before) return;
    const merged = mergeScopes(before, scope);
    if (merged === before) return;
    this.#scope = merged;
    this.#putWindow(window(), (topic) => isInScope(merged, topic) && !isInScope(before, topic));
  }

  /** Removes a cleared fault; a recording without faults is not stored. */
  forget(faultCode: string): void {
    this.#faultCodes.delete(faultCode);
    if (!this.#isWanted) this.end();
  }

  put(held: RingSample): void {
    if (isInScope(this.#scope, held.topic)) this.#feed.put(held, held.sample.receivedNs);
  }

  /** Ends the post-roll immediately. */
  end(): void {
    if (!this.isOpen) return;
    this.#endedMs = this.#dependencies.clock.monotonicMs();
    this.#postRoll?.cancel();
    this.#feed.seal();
  }

  /**
   * Writes until the post-roll has ended and all is on disk. Returns `undefined` if no fault needs the recording any
   * more. Rejects if it cannot be written, and leaves nothing behind.
   */
  async run(): Promise<Recording | undefined> {
    const { id, settings, shelf, clock } = this.#dependencies;
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

  /** Cancels the recording, also during a write. */
  async abort(): Promise<void> {
    this.#aborted = true;
    this.end();
    await this.#bag?.discard();
  }

  #refuseIfAborted(): void {
    if (this.#aborted) throw new Error('it was canceled');
  }

  get #isWanted(): boolean {
    return this.#faultCodes.size > 0;
  }

  /** Latched messages come first, with the time at which the window begins, so that a player has them immediately. */
  #putWindow({ latched, samples }: RingWindow, isIncluded: (topic: KeyedTopic) => boolean): void {
    const included = samples.filter(({ topic }) => isIncluded(topic));
    const [first] = included;
    if (first) this.#firstMs = Math.min(this.#firstMs, first.arrivedMs);
    const beginNs = first?.sample.receivedNs ?? this.#beganNs;
    for (const held of latched) if (isIncluded(held.topic)) this.#feed.put(held, beginNs);
    for (const held of included) this.#feed.put(held, held.sample.receivedNs);
  }
}
