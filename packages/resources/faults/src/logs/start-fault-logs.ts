import type { Notice } from '@medkit/documents';
import { type Clock, OwnedMap, type QuotaFigures, type Timer } from '@medkit/edges';
import type { Store } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { FaultManager } from '../manager/fault-manager.ts';
import { throttledWarning } from '../snapshots/capture/throttled-warning.ts';
import { type SnapshotTopics, type TopicLookup, topicChooser } from '../snapshots/topics/snapshot-topics.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import { closeLogWindow, logWindowOfRow, openLogWindow } from '../storage/log-window-rows.ts';
import type { LogSource } from './log-source.ts';
import { type LogWindow, linesWithin } from './log-window.ts';

/**
 * Faults around which lines are collected at a time. Beyond it the window of the source that has the most ends early; if that is
 * the source of the fault itself, its lines are kept as far as they are at hand.
 */
export const MAX_OPEN_WINDOWS = 64;
/** Windows of faults that come together begin together: behind the events of those, and on disk at once. */
export const TOGETHER_MS = 20;
/** No more of them at once: a storm of faults is many writes, of which the store refuses what it has no room for. */
const MAX_TOGETHER = 64;

export interface FaultLogsOptions {
  readonly manager: Pick<FaultManager, 'addEvidence' | 'get' | 'onCapture'>;
  /** The store of the manager, opened with `FAULT_TABLES`. */
  readonly store: Pick<Store, 'read'>;
  readonly source: LogSource;
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  /** What the file of `snapshots.config_file` says. */
  readonly topics: SnapshotTopics;
  readonly lookup: TopicLookup;
  readonly notice: (notice: Notice) => void;
}

/** What was logged around faults. Calls reject with the `StoreError` of the store. */
export interface FaultLogs {
  /** Around the first and the newest occurrence of a fault that were captured, the newest first. */
  of(faultCode: string): Promise<readonly LogWindow[]>;
  /** Writes what was logged up to now into the windows that are open. */
  stop(): Promise<void>;
  /** Counts of the windows that are open, by who reported the faults. */
  figures(): QuotaFigures;
}

interface OpenWindow {
  intent: CaptureIntent;
  readonly timer: Timer;
  /** Lines that are on disk. */
  readonly lines: number;
}

/**
 * Keeps what is logged around each fault that is captured: at once what is at hand of the time before, and when the time after
 * it is over all of it, which subscribers are told while the fault stands.
 */
export function startFaultLogs(options: FaultLogsOptions): FaultLogs {
  const { manager, store, source, clock, configuration, notice } = options;
  const windowMs = configuration['snapshots.log_window_sec'] * 1000;
  const windowNs = BigInt(Math.round(windowMs * 1e6));
  const open = new OwnedMap<OpenWindow, OpenWindow>(MAX_OPEN_WINDOWS, ({ intent }) => intent.sources[0]);
  const writing = new Set<Promise<void>>();
  let begun: CaptureIntent[] = [];
  let beginning: Timer | undefined;
  const choose = topicChooser(configuration, options.topics, options.lookup);
  const warn = throttledWarning(clock, notice);

  const windowOf = (intent: CaptureIntent, endNs: bigint): LogWindow => {
    const { faultCode, occurrence, requestedAtNs, sources, runtimes } = intent;
    const [fromNs, toNs] = [requestedAtNs - windowNs, endNs < requestedAtNs ? requestedAtNs : endNs];
    const { topics } = choose(faultCode, sources, runtimes);
    const reporters = (manager.get(faultCode)?.reporters ?? []).filter((each) => sources.includes(each.source));
    const lines = linesWithin(source.between({ sources, reporters, topics }, fromNs, toNs), requestedAtNs);
    return { faultCode, occurrence, fromNs, toNs, ...lines };
  };
  const write = (faultCodes: readonly string[], work: () => Promise<void>): void => {
    const done = work()
      .catch((error: Error) =>
        warn(() => `what was logged around ${faultCodes.join(', ')} is not kept: ${error.message}`),
      )
      .finally(() => writing.delete(done));
    writing.add(done);
  };
  /** Widens the window that is open for the occurrence to the lines of a further source. */
  const widen = ({ faultCode, occurrence, sources }: CaptureIntent): void => {
    const isSame = (intent: CaptureIntent): boolean =>
      intent.faultCode === faultCode && intent.occurrence === occurrence && !intent.capturedSources;
    const wider = (intent: CaptureIntent): CaptureIntent => {
      const { runtimes: _, ...asked } = intent;
      return { ...asked, sources: [...new Set([...intent.sources, ...sources])] };
    };
    begun = begun.map((intent) => (isSame(intent) ? wider(intent) : intent));
    for (const opened of open.values()) if (isSame(opened.intent)) opened.intent = wider(opened.intent);
  };
  const begin = (intent: CaptureIntent): void => {
    if (intent.capturedSources) {
      widen(intent);
      return;
    }
    if (begun.push(intent) === 1) beginning = clock.after(TOGETHER_MS, beginAll);
    if (begun.length === MAX_TOGETHER) beginAll();
  };
  const beginAll = (): void => {
    const intents = begun;
    begun = [];
    beginning?.cancel();
    if (intents.length === 0) return;
    write(
      intents.map(({ faultCode }) => faultCode),
      async () => {
        const windows = intents.map(opened);
        const isRetained = configuration['snapshots.retain_on_clear'];
        await manager.addEvidence(
          [],
          windows.flatMap((window) => openLogWindow(window, isRetained)),
        );
      },
    );
  };
  /** Ends the oldest window of the source that has the most, for one of a source that has fewer. */
  const makeRoom = (source: string | undefined): void => {
    const { quota } = open;
    if (!quota.isFull) return;
    quota.refuse();
    const largest = quota.largestOwner();
    if (largest === undefined || quota.heldBy(largest) <= (source === undefined ? 0 : quota.heldBy(source)) + 1) return;
    const [oldest] = open.valuesOf(largest);
    if (oldest) end(oldest);
  };
  const opened = (intent: CaptureIntent): LogWindow => {
    const window = windowOf(intent, clock.wallNs());
    const lines = window.lines.length;
    makeRoom(intent.sources[0]);
    if (open.size < MAX_OPEN_WINDOWS) {
      const followed: OpenWindow = { intent, lines, timer: clock.after(windowMs, () => end(followed, windowNs)) };
      open.set(followed, followed);
    } else {
      warn(
        () =>
          `${intent.faultCode}: what is logged after it is not kept, ${MAX_OPEN_WINDOWS} faults are followed already`,
      );
    }
    return window;
  };
  const end = (opened: OpenWindow, afterNs?: bigint): void => {
    open.delete(opened);
    opened.timer.cancel();
    const { intent, lines } = opened;
    write([intent.faultCode], async () => {
      const window = windowOf(intent, afterNs === undefined ? clock.wallNs() : intent.requestedAtNs + afterNs);
      const fault = manager.get(intent.faultCode);
      const isNews =
        window.lines.length > lines && fault?.status === 'CONFIRMED' && fault.occurrenceCount === intent.occurrence;
      await manager.addEvidence(isNews ? [intent.faultCode] : [], [closeLogWindow(window)]);
    });
  };

  const isOn = configuration['snapshots.enabled'] && windowMs > 0;
  const stopListening = isOn ? manager.onCapture(begin) : () => undefined;
  return {
    figures: () => open.figures(),
    of: async (faultCode) => {
      const sql = 'SELECT * FROM log_windows WHERE fault_code = ? ORDER BY occurrence DESC';
      return (await store.read(sql, [faultCode])).map(logWindowOfRow);
    },
    stop: async () => {
      stopListening();
      beginAll();
      for (const opened of [...open.values()]) end(opened);
      await Promise.all(writing);
    },
  };
}
