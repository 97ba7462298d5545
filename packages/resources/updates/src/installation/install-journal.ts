import { type Files, taskQueue, type WritableFiles } from '@medkit/edges';
import { INSTALL_STAGES, type InstallRecord } from './install-record.ts';

/** The content of the journal file. */
interface JournalText {
  readonly format: typeof FORMAT;
  readonly record?: InstallRecord;
  /** Ids of releases that were in use, the latest last. */
  readonly used: readonly string[];
  /** The highest epoch that was in use; 0 if absent. */
  readonly epoch?: number;
}

const FORMAT = 'medkit-install/1';

/**
 * The journal of the latest installation and of the releases that were in use, in a file that is replaced atomically.
 */
export class InstallJournal {
  readonly #path: string;
  readonly #files: Files & WritableFiles;
  /** An update may be deleted while another one is installed. */
  readonly #scheduleWork = taskQueue();
  #record: InstallRecord | undefined;
  #used: readonly string[] = [];
  #epoch = 0;

  /** @param path absolute path */
  constructor(path: string, files: Files & WritableFiles) {
    this.#path = path;
    this.#files = files;
  }

  get record(): InstallRecord | undefined {
    return this.#record;
  }

  get used(): readonly string[] {
    return this.#used;
  }

  /** The highest epoch of all releases that were in use. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * Throws if the file is damaged: guessing the state of an installation could leave the robot with a mix of two
   * releases.
   */
  async load(): Promise<void> {
    const text = await this.#files.readText(this.#path);
    if (text === undefined) return;
    const read = journalIn(text);
    if (!read)
      throw new Error(
        `${this.#path} is damaged: make sure that "current" links to a complete release, then remove this file`,
      );
    this.#record = read.record;
    this.#used = read.used;
    this.#epoch = read.epoch ?? 0;
  }

  /** Resolves when the record is on disk. If it cannot be written, the previous one stays valid. */
  write(record: InstallRecord): Promise<void> {
    return this.#scheduleWork(() => this.#replace(record, this.#used));
  }

  /** Writes the record of a successful installation, whose release is in use now. */
  writeUsed(record: InstallRecord): Promise<void> {
    return this.#scheduleWork(() => {
      const epoch = Math.max(this.#epoch, record.epoch ?? 0);
      return this.#replace(record, [...this.#used.filter((id) => id !== record.id), record.id], epoch);
    });
  }

  /** Removes releases that no longer exist. */
  forget(ids: readonly string[]): Promise<void> {
    return this.#scheduleWork(async () => {
      const used = this.#used.filter((id) => !ids.includes(id));
      if (this.#record && used.length < this.#used.length) await this.#replace(this.#record, used);
    });
  }

  async #replace(record: InstallRecord, used: readonly string[], epoch = this.#epoch): Promise<void> {
    const journal: JournalText = { format: FORMAT, record, used, ...(epoch > 0 && { epoch }) };
    await this.#files.replaceText(this.#path, `${JSON.stringify(journal)}\n`);
    this.#record = record;
    this.#used = used;
    this.#epoch = epoch;
  }
}

function journalIn(text: string): JournalText | undefined {
  try {
    const read = JSON.parse(text) as Partial<JournalText>;
    const isJournal =
      read.format === FORMAT &&
      Array.isArray(read.used) &&
      (read.epoch === undefined || Number.isSafeInteger(read.epoch)) &&
      (read.record === undefined || isRecord(read.record));
    return isJournal ? (read as JournalText) : undefined;
  } catch {
    return undefined;
  }
}

function isRecord({ id, from, to, stage, entities, sinceMs, starts }: Partial<InstallRecord>): boolean {
  return (
    typeof id === 'string' &&
    (from === null || typeof from === 'string') &&
    typeof to === 'string' &&
    INSTALL_STAGES.some((known) => known === stage) &&
    Array.isArray(entities) &&
    Number.isFinite(sinceMs) &&
    Number.isSafeInteger(starts)
  );
}
