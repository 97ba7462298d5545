import { parseJson, stringifyJson } from '@medkit/core';
import type { Row } from '@medkit/store';
import { LOWEST_RANK_FIRST } from './eviction.ts';
import type { FaultCopies, FaultKey } from './fault-copies.ts';
import { bytesOf, type RecordedFault, type RecordingCopy, type RecordingKey } from './recording-copy.ts';
import { RecordingFiles, type RecordingFilesOptions } from './recording-files.ts';
import { Replica, type ReplicaKind, type ReplicaOptions } from './replica.ts';

/** Maximum known recordings, including those that wait. */
const MAX_RECORDINGS = 500;

const RECORDINGS: ReplicaKind<RecordingKey> = {
  table: 'recording_copies',
  keys: ['peer', 'id'],
  columns: 'told',
  orderBy: 'since_ms',
  maxItems: MAX_RECORDINGS,
  rule: LOWEST_RANK_FIRST,
};

/** Which recordings of peers are copied. */
export interface RecordingLimits {
  /** Maximum bytes of all copies; 0 disables them. */
  readonly maxBytes: number;
  /** Maximum bytes of one recording. */
  readonly maxOneBytes: number;
  /** Minimum severity of a fault whose recordings are copied. */
  readonly leastSeverity: number;
  /** Absolute folder of the copies. */
  readonly folder: string;
}

export interface RecordingCopiesOptions extends ReplicaOptions, RecordingFilesOptions {
  /** The copied faults. */
  readonly faults: Pick<FaultCopies, 'find'>;
}

/** The recordings of copied faults that were copied or wait to be. Errors of the disk are thrown unchanged. */
export class RecordingCopies extends Replica<RecordingKey, RecordingCopy> {
  readonly files: RecordingFiles;
  readonly #faults: RecordingCopiesOptions['faults'];

  constructor(options: RecordingCopiesOptions) {
    super(options, RECORDINGS);
    this.files = new RecordingFiles(options);
    this.#faults = options.faults;
  }

  /** Reads the recordings of an earlier run. Removes unfinished files; an incomplete copy waits again. */
  override async load(): Promise<this> {
    await super.load();
    await this.files.removeOthers(this.all().flatMap(({ copied }) => copied ?? []));
    return this;
  }

  /** Returns the recordings still to be copied. */
  waiting(): readonly RecordingCopy[] {
    return this.all().filter((each) => !each.copied && this.#isListed(each));
  }

  /** Stores the present state of a recording; returns what was removed for it, like `store`. */
  async put(recording: RecordingCopy): Promise<readonly RecordingCopy[] | undefined> {
    const text = stringifyJson(recording);
    if (!this.find(recording)?.copied) {
      const evicted = await this.store(recording, { told: text, since_ms: Math.round(recording.sinceMs) });
      await this.#removeFiles(evicted ?? []);
      return evicted;
    }
    await this.update([recording], 'told', text);
    return [];
  }

  /** Returns the link of a recording to one of its faults. */
  linkOf({ peer, holder, code }: FaultKey, id: string): RecordedFault | undefined {
    return this.find({ peer, id })?.faults.find((each) => each.holder === holder && each.code === code);
  }

  /** Stores which recordings a fault still refers to. */
  async updateLinks(fault: FaultKey, ids: readonly string[]): Promise<void> {
    const { peer, holder, code } = fault;
    for (const { id } of this.of(peer)) {
      const recording = this.find({ peer, id });
      const link = this.linkOf(fault, id);
      const isReferenced = ids.includes(id);
      if (!recording || !link || link.isTold === isReferenced) continue;
      const others = recording.faults.filter((each) => each !== link);
      await this.put({ ...recording, faults: [...others, { holder, code, isTold: isReferenced }] });
    }
  }

  /** Stores that a fault of this severity has a recording; returns what was removed for it, like `store`. */
  async link(
    { peer, holder, code }: FaultKey,
    severity: number,
    found: Pick<RecordingCopy, 'id' | 'descriptor' | 'sinceMs'>,
  ): Promise<readonly RecordingCopy[] | undefined> {
    const known = this.find({ peer, id: found.id }) ?? { ...found, peer, faults: [], severity };
    const faults = [...known.faults, { holder, code, isTold: true }];
    return this.put({ ...known, faults, severity: Math.max(known.severity, severity) });
  }

  /** Removes recordings and their files. */
  override async remove(keys: readonly RecordingKey[]): Promise<readonly RecordingCopy[]> {
    const removed = await super.remove(keys);
    await this.#removeFiles(removed);
    return removed;
  }

  /** Removes recordings without any remaining fault copy. */
  async removeOrphans(): Promise<void> {
    const orphans = this.all().filter(({ peer, faults }) =>
      faults.every(({ holder, code }) => !this.#faults.find({ peer, holder, code })),
    );
    await this.remove(orphans);
  }

  protected async fromRow({ told }: Row): Promise<RecordingCopy> {
    const { copied, ...rest } = parseJson(String(told)) as unknown as RecordingCopy;
    return copied && (await this.files.areComplete(copied)) ? { ...rest, copied } : rest;
  }

  /** If space is short, recordings without a listed fault are removed first, then those of lower severities. */
  protected usageOf(recording: RecordingCopy) {
    const { severity, sinceMs } = recording;
    return { bytes: bytesOf(recording), rank: this.#isListed(recording) ? 1 + severity : 0, sinceMs };
  }

  /** Returns whether the peer listed the recording and one of its faults at the last read. */
  #isListed({ peer, faults }: RecordingCopy): boolean {
    return faults.some(({ holder, code, isTold }) => isTold && this.#faults.find({ peer, holder, code })?.isListed);
  }

  async #removeFiles(recordings: readonly RecordingCopy[]): Promise<void> {
    for (const { copied } of recordings) if (copied) await this.files.remove(copied);
  }
}
