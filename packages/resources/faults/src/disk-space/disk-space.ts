import type { Notice } from '@medkit/documents';
import type { Clock, Timer } from '@medkit/edges';
import { type Store, StoreFull } from '@medkit/store';
import type { FaultRecordings } from '../recordings/fault-recordings.ts';
import { dropOldestCaptures } from './drop-oldest-captures.ts';

/** Interval of checking whether a full disk has room again. */
const LOOK_PERIOD_MS = 10_000;

/** Bytes that freeze frames leave for faults if the database cannot grow: enough for some hundred faults. */
const ROOM_FOR_FAULTS = 1024 * 1024;

export interface DiskSpaceOptions {
  readonly clock: Clock;
  readonly notice: (notice: Notice) => void;
}

/** What can be removed to make room. */
export interface Reclaimable {
  /** The store of the faults, opened with a reserve. */
  readonly store: Pick<Store, 'regainReserve' | 'usage' | 'write'>;
  readonly recordings: Pick<FaultRecordings, 'shed'>;
}

/** State of the disk, for `/health`. */
export interface DiskSpaceFacts {
  /** True while the disk has no room for the reserve of the faults. */
  readonly short: boolean;
  /** Recordings and captures that were removed. */
  readonly recordingsShed: number;
  readonly capturesShed: number;
}

/** Makes room for faults on a full disk: stops captures, removes recordings, oldest first, and then freeze frames. */
export class DiskSpaceGuard {
  readonly #options: DiskSpaceOptions;
  #movables: Reclaimable | undefined;
  #short = false;
  #recordingsShed = 0;
  #capturesShed = 0;
  #making: Promise<void> | undefined;
  #look: Timer | undefined;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
  }

  /** Starts making room if the disk was already full. */
  begin(movables: Reclaimable): void {
    this.#movables = movables;
    if (this.#short) this.shortage();
  }

  /** Called when the store finds the disk full. */
  shortage(): void {
    if (!this.#short) {
      this.#short = true;
      const text =
        'the disk is full: no data is captured, and recordings and then freeze frames are removed to store faults';
      this.#options.notice({ level: 'error', text });
    }
    if (this.#movables === undefined) return;
    this.#look ??= this.#options.clock.every(LOOK_PERIOD_MS, () => {
      if (this.#short) this.shortage();
    });
    this.#making ??= this.#makeRoom(this.#movables).finally(() => {
      this.#making = undefined;
    });
  }

  /** Returns false while the disk is reserved for faults. */
  hasRoom(): boolean {
    return !this.#short;
  }

  facts(): DiskSpaceFacts {
    return { short: this.#short, recordingsShed: this.#recordingsShed, capturesShed: this.#capturesShed };
  }

  /** Waits for running removals. */
  async stop(): Promise<void> {
    this.#look?.cancel();
    await this.#making;
  }

  async #makeRoom({ store, recordings }: Reclaimable): Promise<void> {
    try {
      let regained = await store.regainReserve();
      while (!regained && (await recordings.shed())) {
        this.#recordingsShed += 1;
        regained = await store.regainReserve();
      }
      if (regained) this.#end();
      else await this.#dropCaptures(store);
    } catch (error) {
      // There is no room even for deleting rows: the next fault is refused, which is reported.
      if (error instanceof StoreFull) return;
      this.#options.notice({ level: 'error', text: `cannot free space for faults: ${(error as Error).message}` });
    }
  }

  /** Deleting rows does not return space to the disk, but makes room in the database for as many new rows. */
  async #dropCaptures(store: Reclaimable['store']): Promise<void> {
    while ((await store.usage()).freeBytes < ROOM_FOR_FAULTS) {
      const dropped = await dropOldestCaptures(store);
      if (dropped === 0) return;
      this.#capturesShed += dropped;
    }
  }

  #end(): void {
    this.#short = false;
    const { recordingsShed, capturesShed } = this.facts();
    const text = `the disk has free space again; since the start, ${recordingsShed} recordings and ${capturesShed} captures were removed`;
    this.#options.notice({ level: 'warning', text });
  }
}
