import type { Notice } from '@medkit/documents';
import { type Clock, OwnedMap, type QuotaFigures, type Timer } from '@medkit/edges';
import type { Store } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { FaultManager } from '../manager/fault-manager.ts';
import { type SnapshotTopics, type TopicLookup, topicChooser } from '../snapshots/topics/snapshot-topics.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import { throttledWarning } from '../throttled-warning.ts';
import type { LogSource } from './log-source.ts';
import { type LogWindow, selectLines } from './log-window.ts';
import { closeLogWindow, logWindowOfRow, openLogWindow } from './log-window-rows.ts';

/**
 * Maximum open windows. Beyond it, the window of the source with the most ends early. If that is the fault's own
 * source, its window has only the buffered lines.
 */
export const MAX_OPEN_WINDOWS = 64;
/** Windows of faults within this time begin together, after the events of the faults and with one write. */
export const TOGETHER_MS = 20;
/**
 * Maximum windows that begin together: a storm of faults causes many writes, and the store refuses what exceeds its
 * queue.
 */
const MAX_TOGETHER = 64;

export interface FaultLogsOptions {
  readonly manager: Pick<FaultManager, 'addEvidence' | 'get' | 'onCapture'>;
  /** The store of the manager, opened with `FAULT_TABLES`. */
  readonly store: Pick<Store, 'read'>;
  readonly source: LogSource;
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  /** Content of the file `snapshots.config_file`. */
  readonly topics: SnapshotTopics;
  readonly lookup: TopicLookup;
  readonly notice: (notice: Notice) => void;
}

/** The log lines around faults. Calls reject with the `StoreError` of the store. */
export interface FaultLogs {
  /** Returns the windows of the first and the latest captured occurrence of a fault, newest first. */
  of(faultCode: string): Promise<readonly LogWindow[]>;
  /** Writes the lines logged up to now into the open windows. */
  stop(): Promise<void>;
  /** Counts of open windows, by reporter. */
  figures(): QuotaFigures;
}

interface OpenWindow {
  intent: CaptureIntent;
  readonly timer: Timer;
  /** Number of lines on disk. */
  readonly lines: number;
}

/**
 * Stores the log lines around each captured fault: immediately the buffered earlier ones, and all of them when the
 * window ends. Subscribers are then notified if the fault is still active.
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
    const lines = selectLines(source.between({ sources, reporters, topics }, fromNs, toNs), requestedAtNs);
    return { faultCode, occurrence, fromNs, toNs, ...lines };
  };
  const write = (faultCodes: readonly string[], work: () => Promise<void>): void => {
    const done = work()
      .catch((error: Error) =>
        warn(() => `the log lines around ${faultCodes.join(', ')} are not stored: ${error.message}`),
      )
      .finally(() => writing.delete(done));
    writing.add(done);
  };
  /** Adds the source of a further report to the open window of the occurrence. */
  const widen = ({ faultCode, occurrence, sources }: CaptureIntent): void => {
    const isSame = (intent: CaptureIntent): boolean =>
      intent.faultCode === faultCode && intent.occurrence === occurrence && !intent.capturedSources;
    const wider = (intent: CaptureIntent): CaptureIntent => {
      const { runtimes: _, ...rest } = intent;
      return { ...rest, sources: [...new Set([...intent.sources, ...sources])] };
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
  /** Ends the oldest window of the source with the most, in favor of a source with fewer. */
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
          `${intent.faultCode}: log lines after the fault are not stored, because ${MAX_OPEN_WINDOWS} faults are already followed`,
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
