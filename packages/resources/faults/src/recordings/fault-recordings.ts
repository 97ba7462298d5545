import { FAULT_STATUSES, type FileSource, type JsonObject } from '@medkit/core';
import type { Notice } from '@medkit/documents';
import type { Clock, Files } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { FaultManager } from '../manager/fault-manager.ts';
import type { BufferedTopic } from '../topic-sampler.ts';
import { adoptRecordings } from './catalogue/adopt-recordings.ts';
import { RecordingCatalogue } from './catalogue/catalogue.ts';
import { clearedFaults } from './catalogue/cleared-faults.ts';
import type { CatalogueRecording } from './catalogue/recording-rows.ts';
import type { BagShelf } from './files/bag.ts';
import { type BlackBoxFacts, startBlackBox } from './recorder/black-box.ts';
import { recordingSettings } from './recorder/recording-settings.ts';
import { recordingFiles } from './recording-files.ts';
import { recordingSummaries } from './recording-summary.ts';
import type { TapProvider } from './tap/tap-provider.ts';

/** State of the recordings, for `/health`. */
export interface RecordingFacts {
  /** `undefined` if recording is disabled. */
  readonly blackBox: BlackBoxFacts | undefined;
  readonly recordings: number;
  readonly octets: number;
}

/**
 * The recordings of faults. Calls reject with the `StoreError` of the store. A recording whose files are missing is
 * forgotten.
 */
export interface FaultRecordings {
  /** Returns the recordings of one fault, newest first. */
  of(faultCode: string): Promise<readonly CatalogueRecording[]>;
  /** Returns the recordings of all faults that any of these sources reported, newest first. */
  ofSources(sources: readonly string[]): Promise<readonly CatalogueRecording[]>;
  /** Finds a recording by its name, otherwise the newest of the fault with this code. */
  find(idOrCode: string): Promise<CatalogueRecording | undefined>;
  /**
   * Returns the files of a recording; empty if it no longer exists. Rejects with the system error if they cannot be
   * read.
   */
  files(recording: CatalogueRecording): Promise<readonly FileSource[]>;
  /** Returns a summary of a recording; `undefined` if it has no metadata. Rejects if it cannot be read. */
  summary(recording: CatalogueRecording): Promise<JsonObject | undefined>;
  /** Removes a recording of any faults. Returns the number of its faults, 0 if it is unknown. */
  remove(id: string): Promise<number>;
  /** Removes the oldest recording, or else the running one, to free disk space. Returns false if there is none. */
  shed(): Promise<boolean>;
  /** Returns the buffered last seconds of a topic; `undefined` if it is not buffered. */
  recent(topic: string, runtime: string): BufferedTopic | undefined;
  facts(): Promise<RecordingFacts>;
  /** Ends running recordings, and waits until they are on disk and in the catalogue. */
  stop(): Promise<void>;
}

export interface FaultRecordingsOptions {
  readonly manager: FaultManager;
  /** Opened with `FAULT_TABLES`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly taps: TapProvider;
  readonly shelf: BagShelf;
  readonly files: Files;
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  /** Default folder of recordings, used by this fault manager only. */
  readonly folder: string;
  /** Topics that the snapshot configuration names for faults. */
  readonly configuredTopics: readonly string[];
  readonly notice: (notice: Notice) => void;
}

/** Loads the recordings of earlier runs, and records faults if that is enabled. */
export async function startFaultRecordings(options: FaultRecordingsOptions): Promise<FaultRecordings> {
  const { manager, store, taps, shelf, files, clock, configuration, notice } = options;
  const settings = recordingSettings(configuration, options.folder, options.configuredTopics);
  const maxPerFault = configuration['snapshots.rosbag.max_bags_per_fault'];
  // A fault with a history of recordings keeps it when it is cleared.
  const goesWithFault = configuration['snapshots.rosbag.auto_cleanup'] && maxPerFault === 1;
  const bounds = { maxPerFault, maxOctets: settings.maxRecordingOctets };
  const catalogue = new RecordingCatalogue({ store, shelf, files, bounds, clock, notice });
  const failed = (what: string) => (error: Error) => notice({ level: 'warning', text: `${what}: ${error.message}` });

  const enter = async (
    recording: CatalogueRecording,
    statementsOf: (wanted: CatalogueRecording) => readonly Statement[],
  ) => {
    const isWanted = (code: string) => !(goesWithFault && manager.get(code)?.status === 'CLEARED');
    const faultCodes = recording.faultCodes.filter(isWanted);
    if (faultCodes.length === 0) {
      await shelf.remove(recording.path);
      return;
    }
    await manager.addEvidence(faultCodes, statementsOf({ ...recording, faultCodes }));
    catalogue.changed();
    await catalogue.clearAway().catch(failed('displaced recordings could not be removed'));
  };
  const keep = async (recording: CatalogueRecording): Promise<void> => {
    await enter(recording, (wanted) => catalogue.entering(wanted));
    if (recording.octets > bounds.maxOctets) {
      const text = `the recording ${recording.id} alone is larger than snapshots.rosbag.max_total_storage_mb`;
      notice({ level: 'warning', text });
    }
  };
  const adopt = (recording: CatalogueRecording) => enter(recording, (wanted) => catalogue.adopting(wanted));

  await shelf.sweep(settings.folder).catch(failed(`unfinished recordings in ${settings.folder} could not be removed`));
  await catalogue.clearAway().catch(failed('recordings of cleared faults could not be removed'));
  await adoptRecordings({ folder: settings.folder, files, catalogue, adopt, notice }).catch(
    failed(`${settings.folder} could not be read`),
  );

  const blackBox = configuration['snapshots.rosbag.enabled']
    ? startBlackBox({ taps, shelf, clock, settings, keep, notice })
    : undefined;
  if (blackBox) warnOfCooldown(configuration, notice);
  const cleared = clearedFaults(catalogue, (codes, error) =>
    failed(`recordings of ${codes.join(', ')} could not be removed`)(error),
  );
  const stopListening = [
    manager.onFailed(() => blackBox?.wake()),
    manager.onCapture((intent) => blackBox?.capture(intent)),
    manager.onEvent(({ type, fault, autoClearedCodes }) => {
      // A healed fault is also announced as cleared, but keeps its evidence.
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
      const wanted = new Set(sources);
      const reported = faults.filter((fault) => fault.sources.some((source) => wanted.has(source)));
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
    'snapshots.rosbag.max_bags_per_fault stores several recordings of a fault, but a fault that returns within ' +
    `snapshots.recapture_cooldown_sec (${cooldownSec}) is not recorded again`;
  notice({ level: 'warning', text });
}
