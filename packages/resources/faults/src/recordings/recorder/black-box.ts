import type { Notice } from '@medkit/documents';
import { type Clock, within } from '@medkit/edges';
import type { HeldTopic } from '../../snapshots/sampler/topic-sampler.ts';
import type { CaptureIntent } from '../../storage/capture-intent.ts';
import type { BagShelf } from '../files/bag.ts';
import { ringBounds } from '../ring/ring-bounds.ts';
import { type HeldSample, type RingFacts, type RingWindow, SampleRing } from '../ring/sample-ring.ts';
import { isScoped, type RecordingScope, scopeOf } from '../selection/select-topics.ts';
import type { KeyedTopic, TapProvider } from '../tap/tap-provider.ts';
import type { Recording, RecordingSettings } from './recording.ts';
import { recordingName } from './recording-name.ts';
import { RunningRecording } from './running-recording.ts';
import { TappedTopics } from './tapped-topics.ts';

/** Recordings that are being written, the one that still takes samples included: each may hold a buffer of its own. */
const MAX_UNDER_WAY = 3;
/** Recordings that begin so close together could have the same name. */
const SAME_MOMENT_MS = 1000;
/** What a recording has to get onto the disk when medkit stops. */
const STOP_TIMEOUT_MS = 5000;

export interface BlackBoxOptions {
  readonly taps: TapProvider;
  readonly shelf: BagShelf;
  readonly clock: Clock;
  readonly settings: RecordingSettings;
  /** Enters a recording that is on disk into the books. Where it rejects, the recording is removed. */
  readonly keep: (recording: Recording) => Promise<void>;
  readonly notice: (notice: Notice) => void;
}

export interface BlackBoxFacts {
  readonly topics: number;
  readonly ring: RingFacts;
  readonly recordingsUnderWay: number;
  /** Faults that were not recorded since there was no room, or nothing to record. */
  readonly notRecorded: number;
  /** Recordings that could not be written or entered. */
  readonly lost: number;
}

/** Remembers what came over topics in the last seconds, and writes it down when a fault is confirmed. */
export interface BlackBox {
  /** A fault was reported: listens from now on, where that was put off until the first. */
  wake(): void;
  /** A fault was confirmed: begins a recording, or has the one that is being made cover this fault too. */
  capture(intent: CaptureIntent): void;
  /** A fault was cleared and wants no recording that is not done yet. */
  forget(faultCode: string): void;
  /** Gives up what is being recorded, so that its files go; false where nothing is. */
  abandon(): Promise<boolean>;
  /** What it remembers of a topic of a runtime; `undefined` where it does not listen to it. */
  recent(topic: string, runtime: string): HeldTopic | undefined;
  facts(): BlackBoxFacts;
  /** Ends what is being recorded at this moment, and waits until it is on disk. */
  stop(): Promise<void>;
}

/** Begins to listen, unless that is to wait for the first fault. */
export function startBlackBox({ taps, shelf, clock, settings, keep, notice }: BlackBoxOptions): BlackBox {
  const ring = new SampleRing(ringBounds(settings.windowMs, settings.maxBufferOctets));
  const underWay = new Map<RunningRecording, Promise<void>>();
  let open: RunningRecording | undefined;
  let stopped = false;
  let lastBeganMs = 0;
  let notRecorded = 0;
  let lost = 0;

  const onSample = (held: HeldSample): void => {
    if (open?.isOpen) open.put(held);
  };
  const topics = new TappedTopics({ taps, ring, settings, clock, notice, onSample });
  const wake = (): void => {
    if (!stopped) topics.start();
  };
  const scopeOfIntent = ({ faultCode, sources, runtimes }: CaptureIntent): RecordingScope | undefined => {
    const { selection } = settings;
    const ofSources = sources.flatMap((source) => taps.topicsOf(source, runtimes) ?? []);
    const scope = scopeOf(selection, ofSources, runtimes);
    if (!scope && isScoped(selection)) {
      const text = `nothing is known of ${sources.join(', ')}: the recording of ${faultCode} has all topics`;
      notice({ level: 'warning', text });
    }
    return scope;
  };
  const conclude = async (id: string, recording: RunningRecording): Promise<void> => {
    try {
      const done = await recording.run();
      if (done) await enter(done);
    } catch (error) {
      lost += 1;
      notice({ level: 'error', text: `the recording ${id} is lost: ${(error as Error).message}` });
    } finally {
      underWay.delete(recording);
    }
  };
  const enter = async (done: Recording): Promise<void> => {
    try {
      await keep(done);
    } catch (error) {
      await shelf.remove(done.path);
      throw error;
    }
  };
  const obstacleTo = ({ samples }: RingWindow): string | undefined => {
    if (underWay.size >= MAX_UNDER_WAY) return `${MAX_UNDER_WAY} recordings are being written already`;
    return samples.length === 0 && settings.postRollMs === 0 ? 'nothing was received before it' : undefined;
  };
  /** Two recordings of one fault may begin within a millisecond, and have one name each; a clock may also be set back. */
  const beganMs = (): number => {
    const nowMs = Math.floor(clock.wallMs());
    const isCrowded = nowMs <= lastBeganMs && lastBeganMs - nowMs < SAME_MOMENT_MS;
    lastBeganMs = isCrowded ? lastBeganMs + 1 : nowMs;
    return lastBeganMs;
  };
  const begin = (intent: CaptureIntent): void => {
    const { faultCode } = intent;
    const window = ring.window(clock.monotonicMs());
    const obstacle = obstacleTo(window);
    if (obstacle) {
      notRecorded += 1;
      notice({ level: 'warning', text: `${faultCode} is not recorded: ${obstacle}` });
      return;
    }
    const id = recordingName({ faultCode, beganMs: beganMs() });
    const scope = scopeOfIntent(intent);
    const describe = (topic: KeyedTopic) => topics.describe(topic);
    const recording = new RunningRecording({ id, faultCode, scope, settings, shelf, clock, describe }, window);
    open = recording;
    underWay.set(recording, conclude(id, recording));
  };

  if (!settings.lazyStart) wake();
  return {
    wake,
    capture(intent) {
      if (stopped) return;
      wake();
      const isFurther = intent.capturedSources !== undefined;
      if (!open?.isOpen) {
        // A new recording would replace that of the moment at which the fault was confirmed.
        if (!isFurther) begin(intent);
      } else if (isFurther || !open.covers(intent.faultCode)) {
        open.attach(intent.faultCode, scopeOfIntent(intent), () => ring.window(clock.monotonicMs()));
      }
    },
    forget(faultCode) {
      for (const recording of underWay.keys()) recording.forget(faultCode);
    },
    async abandon() {
      const given = [...underWay];
      for (const [recording] of given) void recording.abort();
      // It counts as under way until its files are gone.
      await Promise.all(given.map(([, done]) => done));
      return given.length > 0;
    },
    recent: (topic, runtime) => {
      const tapped = topics.named(topic, runtime);
      return tapped && { topic, type: tapped.type, samples: ring.of(tapped.ringTopic, clock.monotonicMs()) };
    },
    facts: () => ({ topics: topics.size, ring: ring.facts(), recordingsUnderWay: underWay.size, notRecorded, lost }),
    async stop() {
      stopped = true;
      for (const recording of underWay.keys()) recording.end();
      topics.close();
      const ends = Array.from(underWay, ([recording, done]) =>
        within(clock, STOP_TIMEOUT_MS, done, () => void recording.abort()),
      );
      await Promise.all(ends);
    },
  };
}
