import type { Notice } from '@medkit/documents';
import type { Clock, Timer } from '@medkit/edges';
import { type Store, StoreFull } from '@medkit/store';
import type { FaultRecordings } from '../recordings/fault-recordings.ts';
import { dropOldestCaptures } from './drop-oldest-captures.ts';

/** How often it is looked whether a full disk has room again. */
const LOOK_PERIOD_MS = 10_000;

/** Octets that freeze frames leave to faults where the database cannot grow: some hundred of them. */
const ROOM_FOR_FAULTS = 1024 * 1024;

export interface RoomOptions {
  readonly clock: Clock;
  readonly notice: (notice: Notice) => void;
}

/** What there is to make room of. */
export interface Movables {
  /** Of the faults; was opened with a reserve. */
  readonly store: Pick<Store, 'regainReserve' | 'usage' | 'write'>;
  readonly recordings: Pick<FaultRecordings, 'shed'>;
}

/** How the disk fares, for `/health`. */
export interface RoomFacts {
  /** True while the disk has no room for the reserve of the faults. */
  readonly short: boolean;
  /** Recordings, and captures of freeze frames, that had to go. */
  readonly recordingsShed: number;
  readonly capturesShed: number;
}

/**
 * Makes room on a full disk, of what matters less than the next fault: nothing more is captured, recordings go, the oldest
 * first, and where that is not enough freeze frames.
 */
export class Room {
  readonly #options: RoomOptions;
  #movables: Movables | undefined;
  #short = false;
  #recordingsShed = 0;
  #capturesShed = 0;
  #making: Promise<void> | undefined;
  #look: Timer | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** Begins to make room, where the disk was full already. */
  begin(movables: Movables): void {
    this.#movables = movables;
    if (this.#short) this.shortage();
  }

  /** The store found the disk full. */
  shortage(): void {
    if (!this.#short) {
      this.#short = true;
      const text = 'the disk is full: nothing is captured, and recordings and then freeze frames give way to faults';
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

  /** False while the disk is for faults alone. */
  hasRoom(): boolean {
    return !this.#short;
  }

  facts(): RoomFacts {
    return { short: this.#short, recordingsShed: this.#recordingsShed, capturesShed: this.#capturesShed };
  }

  /** Waits for what is being removed. */
  async stop(): Promise<void> {
    this.#look?.cancel();
    await this.#making;
  }

  async #makeRoom({ store, recordings }: Movables): Promise<void> {
    try {
      let regained = await store.regainReserve();
      while (!regained && (await recordings.shed())) {
        this.#recordingsShed += 1;
        regained = await store.regainReserve();
      }
      if (regained) this.#end();
      else await this.#dropCaptures(store);
    } catch (error) {
      // Not even for rows that are to go: the next fault is refused, which is told.
      if (error instanceof StoreFull) return;
      this.#options.notice({ level: 'error', text: `no room can be made for faults: ${(error as Error).message}` });
    }
  }

  /** Rows give nothing back to the disk, but the database needs none of it for as many others. */
  async #dropCaptures(store: Movables['store']): Promise<void> {
    while ((await store.usage()).freeBytes < ROOM_FOR_FAULTS) {
      const dropped = await dropOldestCaptures(store);
      if (dropped === 0) return;
      this.#capturesShed += dropped;
    }
  }

  #end(): void {
    this.#short = false;
    const { recordingsShed, capturesShed } = this.facts();
    const text = `the disk has room again; since the start, ${recordingsShed} recordings and ${capturesShed} captures gave way`;
    this.#options.notice({ level: 'warning', text });
  }
}
