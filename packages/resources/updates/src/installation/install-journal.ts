import { type Files, turns, type WritableFiles } from '@medkit/edges';
import { INSTALL_STAGES, type InstallRecord } from './install-record.ts';

/** What is on disk. */
interface JournalText {
  readonly format: typeof FORMAT;
  readonly record?: InstallRecord;
  /** Ids of releases that were in use, the last one at the end. */
  readonly used: readonly string[];
  /** The greatest that was in use; 0 unless given. */
  readonly epoch?: number;
}

const FORMAT = 'medkit-install/1';

/** The one installation that counts, the last, in a file that is replaced as a whole; and which releases were in use. */
export class InstallJournal {
  readonly #path: string;
  readonly #files: Files & WritableFiles;
  /** An update may be deleted while another one is installed. */
  readonly #inTurn = turns();
  #record: InstallRecord | undefined;
  #used: readonly string[] = [];
  #epoch = 0;

  /** @param path absolute */
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

  /** The greatest of all releases that were in use. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Throws where the file is not as it was written: to guess where an installation stood could leave the robot with half of two. */
  async load(): Promise<void> {
    const text = await this.#files.readText(this.#path);
    if (text === undefined) return;
    const read = journalIn(text);
    if (!read)
      throw new Error(`${this.#path} is damaged: see to it that "current" leads to a whole release, then remove it`);
    this.#record = read.record;
    this.#used = read.used;
    this.#epoch = read.epoch ?? 0;
  }

  /** Resolves when it is on disk; where it cannot be written, what was written before holds. */
  write(record: InstallRecord): Promise<void> {
    return this.#inTurn(() => this.#replace(record, this.#used));
  }

  /** The same for an installation that has ended well: its release is in use. */
  writeUsed(record: InstallRecord): Promise<void> {
    return this.#inTurn(() => {
      const epoch = Math.max(this.#epoch, record.epoch ?? 0);
      return this.#replace(record, [...this.#used.filter((id) => id !== record.id), record.id], epoch);
    });
  }

  /** Forgets releases that are there no more. */
  forget(ids: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
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
