import { SovdError } from '@medkit/contract';
import { type Files, NotExact, turns, type WritableFiles } from '@medkit/edges';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, SIGNATURE_FILE, totalSize } from '../artifact/manifest.ts';
import { MAX_SIGNATURE_BYTES, type VerifiedArtifact } from '../artifact/verify-artifact.ts';
import { refused } from '../refused.ts';
import { checkFolder, copyArtifact, type ReadingOptions, strangerIn } from './release-folder.ts';

export interface ReleasesOptions {
  /** Absolute, without links; it is there. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly maxBytes: number;
}

/** How files are read while they are checked. */
type Reading = Omit<ReadingOptions, 'files'>;

const RELEASES = 'releases';
const CURRENT = 'current';
/** Names that no id has. What is in them was never finished, or is not wanted any more. */
const STAGING = '.staging';
const REMOVED = '.removed';

/** What stays free of a disk: a robot whose disk is full fails in other ways. */
const ROOM_LEFT_BYTES = 64 * 1024 * 1024;

/**
 * The releases in a folder: `releases/<id>`, each whole or not there, and `current`, a link to the one in use. A release is
 * made aside and moved into its place, and moved out of it before it is removed.
 */
export class Releases {
  readonly #options: ReleasesOptions;
  /** What was given up may still be copied while the next one begins: both are made in one place. */
  readonly #adding = turns();
  /** What is deleted and what is too old go through one place. */
  readonly #removing = turns();

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Removes what a gateway that was ended had begun. */
  async clean(): Promise<void> {
    const { files } = this.#options;
    await files.makeFolder(this.#folder);
    await files.remove(this.#pathOf(STAGING));
    await files.remove(this.#pathOf(REMOVED));
  }

  /** Where `current` leads, as the link says; `undefined` where nothing is in use. */
  currentTarget(): Promise<string | undefined> {
    return this.#options.files.readLink(this.#current, { linkOnly: true });
  }

  /** Lets `current` lead there from one moment to the next. */
  point(target: string | undefined): Promise<void> {
    return this.#options.files.pointLink(this.#current, target);
  }

  /** Where `current` leads while this release is in use. */
  targetOf(id: string): string {
    return `${RELEASES}/${id}`;
  }

  async has(id: string): Promise<boolean> {
    return (await this.#options.files.list(this.#folder)).some(({ name }) => name === id);
  }

  pathOf(id: string): string {
    return this.#pathOf(id);
  }

  /** Puts an artifact in its place, all of it checked. One that is there already, whole and unchanged, stays as it is. */
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
      // Not before: what is wrong with the new one does not cost the old one.
      await this.remove(id);
      await files.move(this.#pathOf(STAGING), this.#pathOf(id));
    } catch (error) {
      // What is half copied does not fill the disk; where it cannot be removed, the next one tries again.
      await files.remove(this.#pathOf(STAGING)).catch(() => undefined);
      throw error;
    }
  }

  /** Throws `x-medkit-update-refused` where a release is anything but what was signed. */
  async check(id: string, { manifest }: VerifiedArtifact, reading: Reading): Promise<void> {
    const { files } = this.#options;
    const stranger = await strangerIn(manifest, this.#pathOf(id), files);
    if (stranger !== undefined) throw refused('artifact', `In the release of ${id}, ${stranger}: prepare it again`);
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

  /** What is in use is not touched, and may have written files of its own beside those that were signed. */
  async #checkCurrent(id: string, { manifest, octets }: VerifiedArtifact, reading: Reading): Promise<void> {
    if (!(await this.#isAt(`${this.#pathOf(id)}/${MANIFEST_FILE}`, octets, MAX_MANIFEST_BYTES))) {
      throw refused('in-use', `Another artifact is in use as ${id}: give this one another id`);
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

  /** Whether a file has these octets; for `undefined`, whether it is not there. */
  async #isAt(path: string, octets: Uint8Array | undefined, maxBytes: number): Promise<boolean> {
    const present = await this.#options.files.readExact(path, maxBytes);
    if (!present || !octets) return present === octets;
    return Buffer.compare(present, octets) === 0;
  }

  async #assertRoom({ manifest }: VerifiedArtifact): Promise<void> {
    const { files, maxBytes } = this.#options;
    const size = totalSize(manifest);
    if (size > maxBytes)
      throw refused('no-room', `The artifact has ${size} octets, more than updates.max_size_mb allows`);
    const free = await files.freeBytes(this.#folder);
    if (free - size < ROOM_LEFT_BYTES) {
      throw refused(
        'no-room',
        `The artifact has ${size} octets, and ${free} are free, of which ${ROOM_LEFT_BYTES} stay so`,
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
