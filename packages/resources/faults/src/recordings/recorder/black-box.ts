import type { Notice } from '@medkit/documents';
import { type Clock, within } from '@medkit/edges';
import type { CaptureIntent } from '../../storage/capture-intent.ts';
import type { BufferedTopic } from '../../topic-sampler.ts';
import type { BagShelf } from '../files/bag.ts';
import { ringBounds } from '../ring/ring-bounds.ts';
import { type RingFacts, type RingSample, type RingWindow, SampleRing } from '../ring/sample-ring.ts';
import { isScoped, type RecordingScope, scopeOf } from '../selection/select-topics.ts';
import type { KeyedTopic, TapProvider } from '../tap/tap-provider.ts';
import type { Recording, RecordingSettings } from './recording.ts';
import { recordingName } from './recording-name.ts';
import { RunningRecording } from './running-recording.ts';
import { TappedTopics } from './tapped-topics.ts';

/** Maximum concurrent recordings, including the open one: each may hold a separate buffer. */
const MAX_UNDER_WAY = 3;
/** Recordings that begin within this time could have the same name. */
const SAME_MOMENT_MS = 1000;
/** Time for a recording to reach the disk when medkit stops. */
const STOP_TIMEOUT_MS = 5000;

export interface BlackBoxOptions {
  readonly taps: TapProvider;
  readonly shelf: BagShelf;
  readonly clock: Clock;
  readonly settings: RecordingSettings;
  /** Adds a recording on disk to the catalogue. If it rejects, the recording is removed. */
  readonly keep: (recording: Recording) => Promise<void>;
  readonly notice: (notice: Notice) => void;
}

export interface BlackBoxFacts {
  readonly topics: number;
  readonly ring: RingFacts;
  readonly recordingsUnderWay: number;
  /** Faults that were not recorded for lack of room or of samples. */
  readonly notRecorded: number;
  /** Recordings that could not be written or added. */
  readonly lost: number;
}

/** Buffers the last seconds of topics, and writes them to a recording when a fault is confirmed. */
export interface BlackBox {
  /** Called when a fault was reported: starts listening, if that was deferred until the first fault. */
  wake(): void;
  /** Called when a fault was confirmed: begins a recording, or adds the fault to the running one. */
  capture(intent: CaptureIntent): void;
  /** Called when a fault was cleared: it needs no unfinished recording any more. */
  forget(faultCode: string): void;
  /** Cancels running recordings, so that their files are removed; returns false if there is none. */
  abandon(): Promise<boolean>;
  /** Returns the buffer of a topic of a runtime; `undefined` if it is not subscribed to. */
  recent(topic: string, runtime: string): BufferedTopic | undefined;
  facts(): BlackBoxFacts;
  /** Ends running recordings, and waits until they are on disk. */
  stop(): Promise<void>;
}

/** Starts listening, unless that is deferred until the first fault. */
export function startBlackBox({ taps, shelf, clock, settings, keep, notice }: BlackBoxOptions): BlackBox {
  const ring = new SampleRing(ringBounds(settings.windowMs, settings.maxBufferOctets));
  const underWay = new Map<RunningRecording, Promise<void>>();
  let open: RunningRecording | undefined;
  let stopped = false;
  let lastBeganMs = 0;
  let notRecorded = 0;
  let lost = 0;

  const onSample = (held: RingSample): void => {
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
      const text = `the topics of ${sources.join(', ')} are unknown: the recording of ${faultCode} contains all topics`;
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
    if (underWay.size >= MAX_UNDER_WAY) return `${MAX_UNDER_WAY} recordings are already being written`;
    return samples.length === 0 && settings.postRollMs === 0 ? 'no messages were received before the fault' : undefined;
  };
  /**
   * Two recordings of one fault may begin within a millisecond, or the clock may be set back; each needs a unique name.
   */
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
        // A new recording would replace the one made when the fault was confirmed.
        if (!isFurther) begin(intent);
      } else if (isFurther || !open.covers(intent.faultCode)) {
        open.attach(intent.faultCode, scopeOfIntent(intent), () => ring.window(clock.monotonicMs()));
      }
    },
    forget(faultCode) {
      for (const recording of underWay.keys()) recording.forget(faultCode);
    },
    async abandon() {
      const running = [...underWay];
      for (const [recording] of running) void recording.abort();
      // A recording counts as running until its files are removed.
      await Promise.all(running.map(([, done]) => done));
      return running.length > 0;
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
