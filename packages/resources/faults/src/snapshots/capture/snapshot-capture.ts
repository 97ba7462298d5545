import type { Notice } from '@medkit/documents';
import type { Clock } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { FaultConfiguration } from '../../configuration/fault-settings.ts';
import type { AdmittedCapture, CaptureIntake } from '../../manager/capture-intake.ts';
import { type KeyedTopic, topicKey } from '../../recordings/tap/tap-provider.ts';
import type { CaptureIntent } from '../../storage/capture-intent.ts';
import type { CapturedTopic } from '../../storage/pending-capture.ts';
import { putSnapshot } from '../../storage/snapshot-rows.ts';
import type { SnapshotStorage } from '../../storage/snapshot-storage.ts';
import { throttledWarning } from '../../throttled-warning.ts';
import type { BufferedTopic, Runtimes, TopicSampler } from '../../topic-sampler.ts';
import { type FrameRules, topicFrame } from '../frames/topic-frame.ts';
import { fitTopics, MAX_CAPTURE_OCTETS, octetsOf, trimTopic } from '../frames/trim-topics.ts';
import { type CaptureJob, CapturePool } from '../pool/capture-pool.ts';
import type { TopicChoice, topicChooser } from '../topics/snapshot-topics.ts';
import { CaptureBudget } from './capture-budget.ts';
import type { CaptureWriter, OpenCapture } from './capture-writer.ts';
import { sampleTopics } from './sample-topics.ts';

export interface SnapshotCaptureOptions {
  readonly writer: CaptureWriter;
  readonly storage: Pick<SnapshotStorage, 'newestCapture'>;
  readonly sampler: TopicSampler;
  readonly rules: FrameRules;
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  readonly choose: ReturnType<typeof topicChooser>;
  /** The highest number of any capture. */
  readonly newestCaptureId: number;
  readonly notice: (notice: Notice) => void;
}

/** A capture from its admission to its end. */
interface Ticket extends CaptureJob {
  readonly intent: CaptureIntent;
  readonly capture: OpenCapture;
  /** Resolves with whether its fault was written. */
  readonly onDisk: PromiseWithResolvers<boolean>;
  held: readonly CapturedTopic[];
  absent: readonly KeyedTopic[];
}

/** Admits captures with the buffered messages of their topics, and makes them once their faults are on disk. */
export class SnapshotCapture implements CaptureIntake {
  readonly #options: SnapshotCaptureOptions;
  readonly #pool: CapturePool<Ticket>;
  readonly #tickets = new Map<CaptureIntent, Ticket>();
  readonly #budget: CaptureBudget;
  readonly #stopping = new AbortController();
  readonly #warnOfQueue: (text: () => string) => void;
  readonly #warnOfTopics: (text: () => string) => void;
  #captureId: number;

  constructor(options: SnapshotCaptureOptions) {
    const { configuration, clock, notice, newestCaptureId } = options;
    this.#options = options;
    this.#captureId = newestCaptureId;
    this.#budget = new CaptureBudget(clock);
    this.#warnOfQueue = throttledWarning(clock, notice);
    this.#warnOfTopics = throttledWarning(clock, notice);
    this.#pool = new CapturePool({
      size: configuration['snapshots.capture_pool_size'],
      depth: configuration['snapshots.capture_queue_depth'],
      policy: configuration['snapshots.capture_queue_full_policy'],
      onError: ({ faultCode }, error) => {
        notice({
          level: 'error',
          text: `the snapshots of ${faultCode} could not be stored: ${(error as Error).message}`,
        });
      },
    });
  }

  get facts() {
    const { running, waiting, dropped } = this.#pool;
    const quotas = { waiting_captures: this.#pool.figures(), captured_bytes: this.#budget.figures() };
    return { running, waiting, dropped, quotas };
  }

  admit(intent: CaptureIntent, evidence: readonly BufferedTopic[]): AdmittedCapture | undefined {
    const { topics, configured, skipped } = this.#choose(intent);
    if (topics.length === 0 && evidence.length === 0) return {};
    if (skipped > 0) {
      this.#warnOfTopics(
        () => `${intent.faultCode}: the first ${topics.length} topics are captured, ${skipped} are skipped`,
      );
    }
    const ticket = this.#ticketOf(intent, configured);
    const answer = this.#pool.take(ticket);
    if (answer.outcome === 'full' || answer.outcome === 'evicting') this.#warnOfFullQueue();
    if (answer.outcome === 'full') return undefined;

    this.#captureId = ticket.capture.captureId;
    const apart = topics.flatMap((topic) => this.#ofEachRuntime(topic, intent.runtimes));
    ticket.held = this.#hold(apart, intent, evidence);
    const atHand = new Set(ticket.held.map(keyOf));
    ticket.absent = apart.filter(({ name, key }) => !atHand.has(key) && !atHand.has(name));
    const pending = { ...intent, captureId: ticket.capture.captureId, held: ticket.held };
    // After the stop, the buffered messages are stored for the next start.
    if (answer.outcome === 'stopped') return { pending };
    this.#options.writer.open(ticket.capture);
    this.#tickets.set(intent, ticket);
    if (answer.outcome === 'accepted') return { pending };
    this.#end(answer.evicted);
    return { pending, evicted: answer.evicted.capture };
  }

  /** Called when the fault of a capture is on disk. */
  begin(intent: CaptureIntent): void {
    this.#tickets.get(intent)?.onDisk.resolve(true);
  }

  cancel(intent: CaptureIntent): void {
    const ticket = this.#tickets.get(intent);
    if (ticket === undefined) return;
    this.#pool.remove(ticket);
    ticket.onDisk.resolve(false);
    this.#end(ticket);
  }

  async append(
    faultCode: string,
    occurrence: number,
    evidence: readonly BufferedTopic[],
  ): Promise<readonly Statement[]> {
    const { rules, storage } = this.#options;
    const open = [...this.#tickets.values()].find(({ intent }) => isOf(intent, faultCode, occurrence));
    const captureId =
      open?.capture.captureId ?? (await storage.newestCapture(faultCode, occurrence)) ?? ++this.#captureId;
    const fitted = this.#fit(evidence, open?.source);
    const frames = await Promise.all(fitted.map((topic) => topicFrame(topic, rules)));
    return frames.map((frame) => putSnapshot({ ...frame, faultCode, captureId, occurrence }));
  }

  drop(faultCode: string): void {
    this.#options.writer.drop(faultCode);
  }

  /** Admits no more captures and ends the running ones, which the next start completes. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // Captures whose faults are not on disk yet might otherwise wait for a full disk.
    for (const { onDisk } of this.#tickets.values()) onDisk.resolve(false);
    await this.#pool.stop();
  }

  #ticketOf(intent: CaptureIntent, configured: boolean): Ticket {
    const ticket: Ticket = {
      faultCode: intent.faultCode,
      source: intent.sources[0],
      intent,
      capture: { ...intent, captureId: this.#captureId + 1, configured },
      onDisk: Promise.withResolvers(),
      held: [],
      absent: [],
      run: () => this.#capture(ticket),
    };
    return ticket;
  }

  async #capture(ticket: Ticket): Promise<void> {
    const { writer, sampler, rules, clock, configuration } = this.#options;
    const { signal } = this.#stopping;
    try {
      if (!(await ticket.onDisk.promise)) return;
      const timeoutMs = configuration['snapshots.timeout_sec'] * 1000;
      const { maxMessageOctets } = rules;
      const sampled = await sampleTopics(ticket.absent, {
        ...{ sampler, clock, timeoutMs, maxMessageOctets, signal },
        runtimes: ticket.intent.runtimes,
      });
      const frames = await Promise.all([...ticket.held, ...sampled.topics].map((topic) => topicFrame(topic, rules)));
      if (!signal.aborted) await writer.enter(ticket.capture, { frames, problems: sampled.problems });
    } finally {
      this.#end(ticket);
    }
  }

  #end(ticket: Ticket): void {
    this.#tickets.delete(ticket.intent);
    this.#options.writer.discard(ticket.capture);
  }

  /** Chooses the topics. An error does not affect the fault. */
  #choose({ faultCode, sources, runtimes, capturedSources }: CaptureIntent): TopicChoice {
    try {
      const choice = this.#options.choose(faultCode, sources, runtimes);
      if (!capturedSources) return choice;
      const captured = new Set(this.#options.choose(faultCode, capturedSources).topics);
      return { ...choice, topics: choice.topics.filter((topic) => !captured.has(topic)) };
    } catch (error) {
      this.#warnOfTopics(() => `${faultCode}: its topics cannot be determined: ${(error as Error).message}`);
      return { topics: [], configured: false, skipped: 0 };
    }
  }

  /** Returns a topic once for each runtime of the reporters that has it. */
  #ofEachRuntime(name: string, runtimes: Runtimes): readonly KeyedTopic[] {
    const owners = this.#options.sampler.ownersOf?.(name, runtimes) ?? [];
    if (owners.length === 0) return [{ name, key: name }];
    return owners.map((runtime) => ({ name, runtime, key: topicKey({ name, runtime }) }));
  }

  /** Returns the evidence and the buffered messages of topics. An error does not affect the fault. */
  #hold(
    topics: readonly KeyedTopic[],
    { runtimes, sources }: CaptureIntent,
    evidence: readonly BufferedTopic[],
  ): readonly CapturedTopic[] {
    const { sampler } = this.#options;
    try {
      const held = topics.flatMap(({ name, runtime }) => {
        if (runtime === undefined) return sampler.held(name, runtimes) ?? [];
        const buffered = sampler.held(name, [runtime]);
        return buffered ? { ...buffered, runtime } : [];
      });
      return this.#fit([...evidence, ...held], sources[0]);
    } catch (error) {
      this.#warnOfTopics(() => `buffered messages of topics cannot be read: ${(error as Error).message}`);
      return [];
    }
  }

  /** Returns as many of the topics as the budget allows. */
  #fit(topics: readonly BufferedTopic[], source: string | undefined): readonly CapturedTopic[] {
    const held = topics.map((topic) => trimTopic(topic, this.#options.rules.maxMessageOctets));
    const remaining = this.#budget.remainingFor(source);
    const fitted = fitTopics(held, Math.min(MAX_CAPTURE_OCTETS, remaining));
    for (const topic of fitted) this.#budget.spend(octetsOf(topic), source);
    if (remaining < MAX_CAPTURE_OCTETS && octetsOfAll(fitted) < octetsOfAll(held)) this.#budget.refuse();
    return fitted;
  }

  #warnOfFullQueue(): void {
    const { configuration } = this.#options;
    const size = configuration['snapshots.capture_pool_size'];
    const depth = configuration['snapshots.capture_queue_depth'];
    this.#warnOfQueue(
      () =>
        `the queue of captures is full (snapshots.capture_pool_size ${size}, snapshots.capture_queue_depth ${depth}): ` +
        `${this.#pool.dropped} captures were dropped so far`,
    );
  }
}

const octetsOfAll = (topics: readonly CapturedTopic[]): number =>
  topics.reduce((sum, topic) => sum + octetsOf(topic), 0);

const keyOf = ({ topic, runtime }: Pick<CapturedTopic, 'topic' | 'runtime'>): string =>
  topicKey({ name: topic, ...(runtime !== undefined && { runtime }) });

function isOf(intent: CaptureIntent, faultCode: string, occurrence: number): boolean {
  return intent.faultCode === faultCode && intent.occurrence === occurrence;
}
