import { type Clock, within } from '@medkit/edges';
import type { Notice } from '../../documents/notice.ts';
import type { CaptureIntent } from '../../storage/capture-intent.ts';
import type { BagShelf } from '../files/bag.ts';
import { ringBounds } from '../ring/ring-bounds.ts';
import { type HeldSample, type RingFacts, type RingWindow, SampleRing } from '../ring/sample-ring.ts';
import { isScoped, scopeOf } from '../selection/select-topics.ts';
import type { TapProvider } from '../tap/tap-provider.ts';
import type { Recording, RecordingSettings } from './recording.ts';
import { RunningRecording } from './running-recording.ts';
import { TappedTopics } from './tapped-topics.ts';

/** Recordings that are being written, the one that still takes samples included: each may hold a buffer of its own. */
const MAX_UNDER_WAY = 3;
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
}

/** Remembers what came over topics in the last seconds, and writes it down when a fault is confirmed. */
export interface BlackBox {
  /** A fault was reported: listens from now on, where that was put off until the first. */
  wake(): void;
  /** A fault was confirmed: begins a recording, or has the one that is being made cover this fault too. */
  capture(intent: CaptureIntent): void;
  /** A fault was cleared and wants no recording that is not done yet. */
  forget(faultCode: string): void;
  facts(): BlackBoxFacts;
  /** Ends what is being recorded at this moment, and waits until it is on disk. */
  stop(): Promise<void>;
}

/** Removes what an earlier process left unfinished, and begins to listen. */
export async function startBlackBox(options: BlackBoxOptions): Promise<BlackBox> {
  const { shelf, settings, notice } = options;
  await shelf.sweep(settings.folder).catch((error: Error) => {
    notice({ level: 'warning', text: `unfinished recordings in ${settings.folder} remain: ${error.message}` });
  });
  return openBlackBox(options);
}

function openBlackBox({ taps, shelf, clock, settings, keep, notice }: BlackBoxOptions): BlackBox {
  const ring = new SampleRing(ringBounds(settings.windowMs, settings.maxBufferOctets));
  const underWay = new Map<RunningRecording, Promise<void>>();
  let open: RunningRecording | undefined;
  let stopped = false;

  const onSample = (held: HeldSample): void => {
    if (open?.isOpen) open.put(held);
  };
  const topics = new TappedTopics({ taps, ring, settings, clock, notice, onSample });
  const wake = (): void => {
    if (!stopped) topics.start();
  };
  const scopeOfIntent = ({ faultCode, sources }: CaptureIntent): ReadonlySet<string> | undefined => {
    const { selection } = settings;
    const ofSources = sources.flatMap((source) => taps.topicsOf(source) ?? []);
    const scope = scopeOf(selection, ofSources);
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
  const begin = (intent: CaptureIntent): void => {
    const { faultCode } = intent;
    const window = ring.window(clock.monotonicMs());
    const obstacle = obstacleTo(window);
    if (obstacle) {
      notice({ level: 'warning', text: `${faultCode} is not recorded: ${obstacle}` });
      return;
    }
    const id = `fault_${faultCode}_${Math.floor(clock.wallMs())}`;
    const scope = scopeOfIntent(intent);
    const describe = (name: string) => topics.describe(name);
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
      if (!open?.isOpen) begin(intent);
      else if (!open.covers(intent.faultCode)) {
        open.attach(intent.faultCode, scopeOfIntent(intent), () => ring.window(clock.monotonicMs()));
      }
    },
    forget(faultCode) {
      for (const recording of underWay.keys()) recording.forget(faultCode);
    },
    facts: () => ({ topics: topics.size, ring: ring.facts(), recordingsUnderWay: underWay.size }),
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
