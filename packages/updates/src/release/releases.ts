import type { ExactFiles, Files, ReleaseFiles } from '@medkit/edges';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, totalSize } from '../artifact/manifest.ts';
import type { VerifiedArtifact } from '../artifact/verify-artifact.ts';
import { refused } from '../refused.ts';
import { checkFolder, copyArtifact } from './release-folder.ts';

export interface ReleasesOptions {
  /** Absolute, without links; it is there. */
  readonly folder: string;
  readonly files: Files & ExactFiles & ReleaseFiles;
  readonly maxBytes: number;
}

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

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Removes what a gateway that was ended had begun. */
  async clean(): Promise<void> {
    const { files } = this.#options;
    await files.makeFolder(this.#folder);
    await files.removeAll(this.#pathOf(STAGING));
    await files.removeAll(this.#pathOf(REMOVED));
  }

  /** Where `current` leads, as the link says; `undefined` where nothing is in use. */
  currentTarget(): Promise<string | undefined> {
    return this.#options.files.linkTarget(this.#current);
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

  /** Puts an artifact in its place, all of it checked. One that is there already is only checked. */
  async add(
    id: string,
    artifact: VerifiedArtifact,
    from: string,
    progress: { readonly signal: AbortSignal; readonly onOctets: (octets: number) => void },
  ): Promise<void> {
    const { files } = this.#options;
    const options = { files, ...progress };
    const isCurrent = (await this.currentTarget()) === this.targetOf(id);
    if (await this.has(id)) {
      const isSame = await this.#isSame(id, artifact);
      if (isCurrent && !isSame)
        throw refused('in-use', `Another artifact is in use as ${id}: give this one another id`);
      // What is in use is not touched, and what it came from may be gone.
      if (isCurrent || from === this.#pathOf(id)) return checkFolder(artifact.manifest, this.#pathOf(id), options);
      await this.remove(id);
    }
    await this.#assertRoom(artifact);
    await files.removeAll(this.#pathOf(STAGING));
    await copyArtifact(artifact, from, this.#pathOf(STAGING), options);
    await files.moveFolder(this.#pathOf(STAGING), this.#pathOf(id));
  }

  async remove(id: string): Promise<void> {
    if (!(await this.has(id))) return;
    const { files } = this.#options;
    await files.removeAll(this.#pathOf(REMOVED));
    await files.moveFolder(this.#pathOf(id), this.#pathOf(REMOVED));
    await files.removeAll(this.#pathOf(REMOVED));
  }

  async #isSame(id: string, { octets }: VerifiedArtifact): Promise<boolean> {
    const path = `${this.#pathOf(id)}/${MANIFEST_FILE}`;
    const present = await this.#options.files.readExact(path, MAX_MANIFEST_BYTES);
    return present?.length === octets.length && Buffer.compare(present, octets) === 0;
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
