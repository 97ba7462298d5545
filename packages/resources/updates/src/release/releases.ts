import { SovdError } from '@medkit/contract';
import { type Files, NotExact, taskQueue, type WritableFiles } from '@medkit/edges';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, SIGNATURE_FILE, totalSize } from '../artifact/manifest.ts';
import { MAX_SIGNATURE_BYTES, type VerifiedArtifact } from '../artifact/verify-artifact.ts';
import { updateRefusal } from '../update-refusal.ts';
import { checkFolder, copyArtifact, folderMismatch, type ReadingOptions } from './release-folder.ts';

export interface ReleasesOptions {
  /** Absolute path of an existing folder, without links. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly maxBytes: number;
}

/** Cancellation and progress of reading files. */
type Reading = Omit<ReadingOptions, 'files'>;

const RELEASES = 'releases';
const CURRENT = 'current';
/** Names that are no valid ids, for unfinished and removed releases. */
const STAGING = '.staging';
const REMOVED = '.removed';

/** Disk space to leave free: a robot with a full disk fails in other ways. */
export const ROOM_LEFT_BYTES = 64 * 1024 * 1024;

/**
 * The releases in a folder: `releases/<id>`, each complete or absent, and the link `current` to the one in use. A
 * release is built in a staging folder and moved into place; before its removal it is moved away.
 */
export class Releases {
  readonly #options: ReleasesOptions;
  /** A cancelled copy may still run when the next begins; both use the same staging folder. */
  readonly #adding = taskQueue();
  /** Deleted and outdated releases use the same folder for removal. */
  readonly #removing = taskQueue();

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Removes unfinished work of an earlier process. */
  async clean(): Promise<void> {
    const { files } = this.#options;
    await files.makeFolder(this.#folder);
    await files.remove(this.#pathOf(STAGING));
    await files.remove(this.#pathOf(REMOVED));
  }

  /** Returns the target of the link `current`; `undefined` if no release is in use. */
  currentTarget(): Promise<string | undefined> {
    return this.#options.files.readLink(this.#current, { linkOnly: true });
  }

  /** Switches `current` atomically. */
  point(target: string | undefined): Promise<void> {
    return this.#options.files.pointLink(this.#current, target);
  }

  /** Returns the target of `current` for this release. */
  targetOf(id: string): string {
    return `${RELEASES}/${id}`;
  }

  async has(id: string): Promise<boolean> {
    return (await this.#options.files.list(this.#folder)).some(({ name }) => name === id);
  }

  pathOf(id: string): string {
    return this.#pathOf(id);
  }

  /** Copies an artifact into place and checks all of it. An existing release that is complete and unchanged stays. */
  add(id: string, artifact: VerifiedArtifact, from: string, reading: Reading): Promise<void> {
    return this.#adding(() => this.#put(id, artifact, from, reading));
  }

  async #put(id: string, artifact: VerifiedArtifact, from: string, reading: Reading): Promise<void> {
    const { files } = this.#options;
    if (await this.has(id)) {
      if ((await this.currentTarget()) === this.targetOf(id)) return this.#checkCurrent(id, artifact, reading);
      if (await this.#isWhole(id, artifact, reading)) return;
    }
    await this.#assertRoom(artifact);
    await files.remove(this.#pathOf(STAGING));
    try {
      await copyArtifact(artifact, from, this.#pathOf(STAGING), { files, ...reading });
      reading.signal.throwIfAborted();
      // Only now: a defective new release must not cost the old one.
      await this.remove(id);
      await files.move(this.#pathOf(STAGING), this.#pathOf(id));
    } catch (error) {
      // Removes the partial copy, which would fill the disk. If that fails, the next attempt removes it.
      await files.remove(this.#pathOf(STAGING)).catch(() => undefined);
      throw error;
    }
  }

  /** Throws `x-medkit-update-refused` if a release differs from what was signed. */
  async check(id: string, { manifest }: VerifiedArtifact, reading: Reading): Promise<void> {
    const { files } = this.#options;
    const stranger = await folderMismatch(manifest, this.#pathOf(id), files);
    if (stranger !== undefined)
      throw updateRefusal('artifact', `In the release of ${id}, ${stranger}: prepare it again`);
    await checkFolder(manifest, this.#pathOf(id), { files, ...reading });
  }

  remove(id: string): Promise<void> {
    return this.#removing(async () => {
      if (!(await this.has(id))) return;
      const { files } = this.#options;
      await files.remove(this.#pathOf(REMOVED));
      await files.move(this.#pathOf(id), this.#pathOf(REMOVED));
      await files.remove(this.#pathOf(REMOVED));
    });
  }

  /**
   * Checks the release in use without changing it. It may contain files that it wrote itself, in addition to the signed
   * ones.
   */
  async #checkCurrent(id: string, { manifest, octets }: VerifiedArtifact, reading: Reading): Promise<void> {
    if (!(await this.#isAt(`${this.#pathOf(id)}/${MANIFEST_FILE}`, octets, MAX_MANIFEST_BYTES))) {
      throw updateRefusal('in-use', `Another artifact is in use as ${id}: use another id`);
    }
    await checkFolder(manifest, this.#pathOf(id), { files: this.#options.files, ...reading });
  }

  async #isWhole(id: string, artifact: VerifiedArtifact, reading: Reading): Promise<boolean> {
    const path = this.#pathOf(id);
    try {
      if (!(await this.#isAt(`${path}/${MANIFEST_FILE}`, artifact.octets, MAX_MANIFEST_BYTES))) return false;
      if (!(await this.#isAt(`${path}/${SIGNATURE_FILE}`, artifact.signature, MAX_SIGNATURE_BYTES))) return false;
      await this.check(id, artifact, reading);
      return true;
    } catch (error) {
      if (error instanceof SovdError || error instanceof NotExact) return false;
      throw error;
    }
  }

  /** Returns whether a file has this content; for `undefined`, whether it does not exist. */
  async #isAt(path: string, octets: Uint8Array | undefined, maxBytes: number): Promise<boolean> {
    const present = await this.#options.files.readExact(path, maxBytes);
    if (!present || !octets) return present === octets;
    return Buffer.compare(present, octets) === 0;
  }

  async #assertRoom({ manifest }: VerifiedArtifact): Promise<void> {
    const { files, maxBytes } = this.#options;
    const size = totalSize(manifest);
    if (size > maxBytes)
      throw updateRefusal('no-room', `The artifact has ${size} bytes, more than updates.max_size_mb allows`);
    const free = await files.freeBytes(this.#folder);
    if (free - size < ROOM_LEFT_BYTES) {
      throw updateRefusal(
        'no-room',
        `The artifact has ${size} bytes, but ${free} bytes are free, of which ${ROOM_LEFT_BYTES} are reserved`,
      );
    }
  }

  get #folder(): string {
    return `${this.#options.folder}/${RELEASES}`;
  }

  get #current(): string {
    return `${this.#options.folder}/${CURRENT}`;
  }

  #pathOf(name: string): string {
    return `${this.#folder}/${name}`;
  }
}
