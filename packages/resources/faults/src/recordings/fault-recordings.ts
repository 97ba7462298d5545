import { FAULT_STATUSES, type FileSource, type JsonObject } from '@medkit/core';
import type { Notice } from '@medkit/documents';
import type { Clock, Files } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { FaultManager } from '../manager/fault-manager.ts';
import type { HeldTopic } from '../snapshots/sampler/topic-sampler.ts';
import { adoptStrangers } from './catalogue/adopt-strangers.ts';
import { RecordingCatalogue } from './catalogue/catalogue.ts';
import { clearedFaults } from './catalogue/cleared-faults.ts';
import type { KeptRecording } from './catalogue/recording-rows.ts';
import type { BagShelf } from './files/bag.ts';
import { type BlackBoxFacts, startBlackBox } from './recorder/black-box.ts';
import { recordingSettings } from './recorder/recording-settings.ts';
import { recordingFiles } from './recording-files.ts';
import { recordingSummaries } from './recording-summary.ts';
import type { TapProvider } from './tap/tap-provider.ts';

/** How recordings fare, for `/health`. */
export interface RecordingFacts {
  /** `undefined` where recording is switched off. */
  readonly blackBox: BlackBoxFacts | undefined;
  readonly recordings: number;
  readonly octets: number;
}

/** The recordings of faults. Calls reject with the `StoreError` of the store. One whose files are gone is forgotten. */
export interface FaultRecordings {
  /** Of one fault, the newest first. */
  of(faultCode: string): Promise<readonly KeptRecording[]>;
  /** Of all faults that any of these sources reported, the newest first. */
  ofSources(sources: readonly string[]): Promise<readonly KeptRecording[]>;
  /** By its own name, else the newest of the fault of that code. */
  find(idOrCode: string): Promise<KeptRecording | undefined>;
  /** The files of a recording: none where it is gone. Rejects with what the system says where they cannot be read. */
  files(recording: KeptRecording): Promise<readonly FileSource[]>;
  /** What is in a recording; `undefined` where it does not say. Rejects where that cannot be read. */
  summary(recording: KeptRecording): Promise<JsonObject | undefined>;
  /** Removes a recording of whatever faults. Gives the number of faults that it was of, 0 for one that is not known. */
  remove(id: string): Promise<number>;
  /**
   * Gives up the oldest recording, or the one that is being made where there is no other, so that the disk has room for
   * what matters more; false where there is none.
   */
  shed(): Promise<boolean>;
  /** What is remembered of the last seconds of a topic, for recordings to come; `undefined` where nothing is. */
  recent(topic: string, runtime: string): HeldTopic | undefined;
  facts(): Promise<RecordingFacts>;
  /** Ends what is being recorded, and waits until it is on disk and in the books. */
  stop(): Promise<void>;
}

export interface FaultRecordingsOptions {
  readonly manager: FaultManager;
  /** Was opened with `FAULT_TABLES`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly taps: TapProvider;
  readonly shelf: BagShelf;
  readonly files: Files;
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  /** Of all recordings, where the configuration names none. It is of this fault manager alone. */
  readonly folder: string;
  /** Topics that the configuration of snapshots names for faults. */
  readonly configuredTopics: readonly string[];
  readonly notice: (notice: Notice) => void;
}

/** Takes up the recordings of earlier runs, and records faults where that is switched on. */
export async function startFaultRecordings(options: FaultRecordingsOptions): Promise<FaultRecordings> {
  const { manager, store, taps, shelf, files, clock, configuration, notice } = options;
  const settings = recordingSettings(configuration, options.folder, options.configuredTopics);
  const maxPerFault = configuration['snapshots.rosbag.max_bags_per_fault'];
  // A fault that keeps a history keeps it also when it is cleared.
  const goesWithFault = configuration['snapshots.rosbag.auto_cleanup'] && maxPerFault === 1;
  const bounds = { maxPerFault, maxOctets: settings.maxRecordingOctets };
  const catalogue = new RecordingCatalogue({ store, shelf, files, bounds, notice });
  const failed = (what: string) => (error: Error) => notice({ level: 'warning', text: `${what}: ${error.message}` });

  const enter = async (recording: KeptRecording, statementsOf: (wanted: KeptRecording) => readonly Statement[]) => {
    const isWanted = (code: string) => !(goesWithFault && manager.get(code)?.status === 'CLEARED');
    const faultCodes = recording.faultCodes.filter(isWanted);
    if (faultCodes.length === 0) {
      await shelf.remove(recording.path);
      return;
    }
    await manager.addEvidence(faultCodes, statementsOf({ ...recording, faultCodes }));
    await catalogue.clearAway().catch(failed('recordings that gave way could not be removed'));
  };
  const keep = async (recording: KeptRecording): Promise<void> => {
    await enter(recording, (wanted) => catalogue.entering(wanted));
    if (recording.octets > bounds.maxOctets) {
      const text = `the recording ${recording.id} alone is larger than snapshots.rosbag.max_total_storage_mb`;
      notice({ level: 'warning', text });
    }
  };
  const adopt = (recording: KeptRecording) => enter(recording, (wanted) => catalogue.adopting(wanted));

  await shelf.sweep(settings.folder).catch(failed(`unfinished recordings in ${settings.folder} remain`));
  await catalogue.clearAway().catch(failed('recordings of faults that were cleared remain'));
  await adoptStrangers({ folder: settings.folder, files, catalogue, adopt, notice }).catch(
    failed(`${settings.folder} could not be looked through`),
  );

  const blackBox = configuration['snapshots.rosbag.enabled']
    ? startBlackBox({ taps, shelf, clock, settings, keep, notice })
    : undefined;
  if (blackBox) warnOfCooldown(configuration, notice);
  const cleared = clearedFaults(catalogue, (codes, error) => failed(`recordings of ${codes.join(', ')} remain`)(error));
  const stopListening = [
    manager.onFailed(() => blackBox?.wake()),
    manager.onCapture((intent) => blackBox?.capture(intent)),
    manager.onEvent(({ type, fault, autoClearedCodes }) => {
      // A fault that healed by itself is told as cleared too, and its evidence is what is left of it.
      if (!goesWithFault || type !== 'fault_cleared' || fault.status !== 'CLEARED') return;
      const codes = [fault.code, ...autoClearedCodes];
      for (const code of codes) blackBox?.forget(code);
      cleared.forget(codes);
    }),
  ];

  const summaries = recordingSummaries(files);
  const of = (codes: readonly string[]) => (codes.length === 0 ? Promise.resolve([]) : catalogue.ofFaults(codes));
  return {
    of: (faultCode) => of([faultCode]),
    ofSources: (sources) => {
      const { faults } = manager.list({ statuses: FAULT_STATUSES, includeMuted: true });
      const asked = new Set(sources);
      const reported = faults.filter((fault) => fault.sources.some((source) => asked.has(source)));
      return of(reported.map(({ code }) => code));
    },
    find: async (idOrCode) => (await catalogue.named(idOrCode)) ?? (await of([idOrCode]))[0],
    files: ({ path }) => recordingFiles(path, files),
    summary: ({ path, format }) => summaries(path, format),
    remove: (id) => catalogue.remove(id),
    shed: async () => (await catalogue.shed()) || ((await blackBox?.abandon()) ?? false),
    recent: (topic, runtime) => blackBox?.recent(topic, runtime),
    facts: async () => ({ blackBox: blackBox?.facts(), ...(await catalogue.totals()) }),
    async stop() {
      await blackBox?.stop();
      for (const stop of stopListening) stop();
      await cleared.settled();
    },
  };
}

function warnOfCooldown(configuration: FaultConfiguration, notice: (notice: Notice) => void): void {
  const cooldownSec = configuration['snapshots.recapture_cooldown_sec'];
  if (configuration['snapshots.rosbag.max_bags_per_fault'] === 1 || cooldownSec === 0) return;
  const text =
    'snapshots.rosbag.max_bags_per_fault keeps several recordings of a fault, but one that returns within ' +
    `snapshots.recapture_cooldown_sec (${cooldownSec}) is not recorded again`;
  notice({ level: 'warning', text });
}
