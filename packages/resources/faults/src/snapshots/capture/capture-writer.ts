import type { FaultConfiguration } from '../../configuration/fault-settings.ts';
import type { FaultManager } from '../../manager/fault-manager.ts';
import { noteMissing } from '../../storage/occurrence-rows.ts';
import type { NumberedCapture } from '../../storage/pending-capture.ts';
import { removePending } from '../../storage/pending-capture-rows.ts';
import { putFreezeFrame, putSnapshot, trimSnapshots } from '../../storage/snapshot-rows.ts';
import type { SnapshotStorage } from '../../storage/snapshot-storage.ts';
import { compactFrame } from '../frames/compact-frame.ts';
import type { TopicFrame } from '../frames/topic-frame.ts';

/** Why frames of a further source are left out. */
const NO_ROOM = 'the maximum number of snapshots is reached (snapshots.max_per_fault)';

/** A running capture. */
export interface OpenCapture extends NumberedCapture {
  /** True if its topics are configured; then an empty result is stored too. */
  readonly configured: boolean;
}

/** The result of a capture. */
export interface CaptureResult {
  readonly frames: readonly TopicFrame[];
  /** What is missing, one text each. */
  readonly problems: readonly string[];
  /** Why all of the frames may be incomplete, if so. */
  readonly flaw?: string;
}

/** What a capture stored. */
export interface StoredCapture extends Pick<NumberedCapture, 'faultCode' | 'occurrence' | 'requestedAtNs' | 'sources'> {
  readonly frames: number;
}

export interface CaptureWriterOptions {
  readonly manager: Pick<FaultManager, 'addEvidence'>;
  readonly storage: Pick<SnapshotStorage, 'count'>;
  readonly configuration: FaultConfiguration;
  /** Called for each capture whose frames are stored. */
  readonly onStored?: ((stored: StoredCapture) => void) | undefined;
  /** Called for captures without room. */
  readonly warn: (text: () => string) => void;
}

/**
 * Writes captures to the store: completely or not at all, and never for a fault whose snapshots were removed during the
 * capture.
 */
export class CaptureWriter {
  readonly #options: CaptureWriterOptions;
  readonly #wanted = new Set<OpenCapture>();
  #entering: Promise<unknown> = Promise.resolve();

  constructor(options: CaptureWriterOptions) {
    this.#options = options;
  }

  /** Begins a capture. */
  open(capture: OpenCapture): void {
    this.#wanted.add(capture);
  }

  isWanted(capture: OpenCapture): boolean {
    return this.#wanted.has(capture);
  }

  /** Abandons a capture. */
  discard(capture: OpenCapture): void {
    this.#wanted.delete(capture);
  }

  /** Abandons all running captures of a fault whose snapshots are removed. */
  drop(faultCode: string): void {
    for (const capture of this.#wanted) if (capture.faultCode === faultCode) this.#wanted.delete(capture);
  }

  /** Writes a capture. One at a time, so that each counts the rows of the previous one. */
  enter(capture: OpenCapture, result: CaptureResult): Promise<void> {
    const entering = this.#entering.then(() => this.#enter(capture, result));
    this.#entering = entering.catch(() => undefined);
    return entering;
  }

  async #enter(capture: OpenCapture, { frames, problems, flaw }: CaptureResult): Promise<void> {
    const { captureId, faultCode, occurrence, requestedAtNs, configured, capturedSources } = capture;
    const refusal = this.#wanted.has(capture) ? await this.#refusalOf(capture, frames.length) : undefined;
    const isWanted = this.#wanted.delete(capture);
    const wanted = isWanted && refusal === undefined ? frames : [];
    const rows = capturedSources ? wanted.slice(0, await this.#roomOf(faultCode)) : wanted;
    const cut =
      rows.length < wanted.length
        ? `${wanted.length - rows.length} of ${capture.sources.join(', ')}: ${NO_ROOM}`
        : undefined;
    const missing = [flaw, refusal, cut, ...problems].filter((text) => text !== undefined).join('; ');
    const compact = compactFrame(frames, flaw === undefined ? problems : [flaw, ...problems]);
    // The frame that survives a clear belongs to the first capture of an occurrence.
    const hasFreezeFrame = !capturedSources && (configured || compact.data !== '{}');
    await this.#options.manager.addEvidence(rows.length > 0 ? [faultCode] : [], [
      ...rows.map(({ problem, ...frame }) => {
        const flaws = [flaw ?? '', problem].filter((text) => text !== '');
        return putSnapshot({ ...frame, faultCode, captureId, occurrence, problem: flaws.join('; ') });
      }),
      ...(rows.length > 0 && !capturedSources ? this.#trim(faultCode) : []),
      ...(hasFreezeFrame ? [putFreezeFrame({ faultCode, occurrence, ...compact, capturedAtNs: requestedAtNs })] : []),
      ...(isWanted && missing !== '' ? [noteMissing(faultCode, occurrence, missing)] : []),
      ...removePending(captureId),
    ]);
    if (rows.length === 0) return;
    this.#options.onStored?.({ faultCode, occurrence, requestedAtNs, sources: capture.sources, frames: rows.length });
  }

  /** Returns how many snapshots a fault may still have: those of a further source replace no others. */
  async #roomOf(faultCode: string): Promise<number> {
    const bound = this.#options.configuration['snapshots.max_per_fault'];
    return bound === 0 ? Number.POSITIVE_INFINITY : Math.max(0, bound - (await this.#options.storage.count(faultCode)));
  }

  /** Returns why a capture has no room if existing ones stay; `undefined` if it has room. */
  async #refusalOf({ faultCode }: OpenCapture, frames: number): Promise<string | undefined> {
    const { storage, configuration, warn } = this.#options;
    const bound = configuration['snapshots.max_per_fault'];
    if (frames === 0 || bound === 0 || configuration['snapshots.max_per_fault_policy'] !== 'reject_newest')
      return undefined;
    const present = await storage.count(faultCode);
    // A first capture above the bound is stored completely, because a part of it would be misleading.
    if (present === 0 || present + frames <= bound) return undefined;
    const refusal =
      `${faultCode} has ${present} snapshots, and ${frames} more would exceed snapshots.max_per_fault (${bound}), ` +
      'so they are not stored (snapshots.max_per_fault_policy reject_newest)';
    warn(() => `${refusal}: evict_middle would remove snapshots between the first and the newest instead`);
    return refusal;
  }

  #trim(faultCode: string) {
    const bound = this.#options.configuration['snapshots.max_per_fault'];
    const policy = this.#options.configuration['snapshots.max_per_fault_policy'];
    if (bound === 0 || policy === 'reject_newest') return [];
    return [trimSnapshots(faultCode, { bound, keepsFirst: policy === 'evict_middle' })];
  }
}
