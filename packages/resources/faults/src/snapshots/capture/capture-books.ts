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
const NO_ROOM = 'no room for its snapshots (snapshots.max_per_fault)';

/** A capture that is under way. */
export interface OpenCapture extends NumberedCapture {
  /** Its topics were asked for by name: that none of them said anything is kept too. */
  readonly configured: boolean;
}

/** What a capture brought. */
export interface CaptureResult {
  readonly frames: readonly TopicFrame[];
  /** What is missing, a text each. */
  readonly problems: readonly string[];
  /** Why none of the frames may be the whole truth, if that is so. */
  readonly flaw?: string;
}

export interface CaptureBooksOptions {
  readonly manager: Pick<FaultManager, 'addEvidence'>;
  readonly storage: Pick<SnapshotStorage, 'count'>;
  readonly configuration: FaultConfiguration;
  /** Hears of captures that have no room. */
  readonly warn: (text: () => string) => void;
}

/** Enters captures into the store: whole or not at all, and none of a fault whose snapshots went meanwhile. */
export class CaptureBooks {
  readonly #options: CaptureBooksOptions;
  readonly #wanted = new Set<OpenCapture>();
  #entering: Promise<unknown> = Promise.resolve();

  constructor(options: CaptureBooksOptions) {
    this.#options = options;
  }

  /** A capture begins. */
  open(capture: OpenCapture): void {
    this.#wanted.add(capture);
  }

  isWanted(capture: OpenCapture): boolean {
    return this.#wanted.has(capture);
  }

  /** A capture comes to nothing. */
  discard(capture: OpenCapture): void {
    this.#wanted.delete(capture);
  }

  /** The snapshots of a fault go, and those that are on their way must not come. */
  drop(faultCode: string): void {
    for (const capture of this.#wanted) if (capture.faultCode === faultCode) this.#wanted.delete(capture);
  }

  /** Enters a capture. One after the other, so that none of them counts what another is about to add. */
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
    // The one frame that outlives a clear is that of the first capture of an occurrence.
    const kept = !capturedSources && (configured || compact.data !== '{}');
    await this.#options.manager.addEvidence(rows.length > 0 ? [faultCode] : [], [
      ...rows.map(({ problem, ...frame }) => {
        const flaws = [flaw ?? '', problem].filter((text) => text !== '');
        return putSnapshot({ ...frame, faultCode, captureId, occurrence, problem: flaws.join('; ') });
      }),
      ...(rows.length > 0 && !capturedSources ? this.#trim(faultCode) : []),
      ...(kept ? [putFreezeFrame({ faultCode, occurrence, ...compact, capturedAtNs: requestedAtNs })] : []),
      ...(isWanted && missing !== '' ? [noteMissing(faultCode, occurrence, missing)] : []),
      ...removePending(captureId),
    ]);
  }

  /** Snapshots that a fault may have besides those that it has: what a further source adds replaces no other. */
  async #roomOf(faultCode: string): Promise<number> {
    const bound = this.#options.configuration['snapshots.max_per_fault'];
    return bound === 0 ? Number.POSITIVE_INFINITY : Math.max(0, bound - (await this.#options.storage.count(faultCode)));
  }

  /** Why a capture has no room where what is there stays; `undefined` where it has. */
  async #refusalOf({ faultCode }: OpenCapture, frames: number): Promise<string | undefined> {
    const { storage, configuration, warn } = this.#options;
    const bound = configuration['snapshots.max_per_fault'];
    if (frames === 0 || bound === 0 || configuration['snapshots.max_per_fault_policy'] !== 'reject_newest')
      return undefined;
    const present = await storage.count(faultCode);
    // A first capture that is larger than the bound is kept whole: a part of it would explain less than it hides.
    if (present === 0 || present + frames <= bound) return undefined;
    const refusal =
      `${faultCode} has ${present} snapshots, and ${frames} more would be over snapshots.max_per_fault (${bound}), ` +
      'so they are not kept (snapshots.max_per_fault_policy reject_newest)';
    warn(() => `${refusal}: evict_middle would let those between the first and the newest go instead`);
    return refusal;
  }

  #trim(faultCode: string) {
    const bound = this.#options.configuration['snapshots.max_per_fault'];
    const policy = this.#options.configuration['snapshots.max_per_fault_policy'];
    if (bound === 0 || policy === 'reject_newest') return [];
    return [trimSnapshots(faultCode, { bound, keepsFirst: policy === 'evict_middle' })];
  }
}
