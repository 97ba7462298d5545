import { basename, join } from 'node:path';
import { type Notice, yaml } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import { METADATA_FILE } from '../files/bag.ts';
import { faultCodesIn } from '../files/bag-metadata.ts';
import { parseRecordingName } from '../recorder/recording-name.ts';
import type { RecordingCatalogue } from './catalogue.ts';
import type { CatalogueRecording } from './recording-rows.ts';

/** Maximum recordings adopted at one start; the next start finds the others. */
const MAX_ADOPTED = 1000;

export interface AdoptionOptions {
  /** Folder of all recordings. */
  readonly folder: string;
  readonly files: Files;
  readonly catalogue: Pick<RecordingCatalogue, 'unlisted' | 'followTo'>;
  /** Adds a recording to the catalogue. */
  readonly adopt: (recording: CatalogueRecording) => Promise<void>;
  readonly notice: (notice: Notice) => void;
}

/**
 * Adds complete recordings of medkit that are in no catalogue. They may be left by a process that ended too early, by a
 * lost database, or by a moved folder. Ignores files of other programs.
 */
export async function adoptRecordings({ folder, files, catalogue, adopt, notice }: AdoptionOptions): Promise<void> {
  const names = (await files.list(folder))
    .filter(({ name, isDirectory }) => isDirectory && parseRecordingName(name) !== undefined)
    .map(({ name }) => join(folder, name));
  const unlisted: string[] = [];
  // Checks all paths first: adopting a recording may evict one that the catalogue has under an old path.
  for (const path of await catalogue.unlisted(names)) if (!(await catalogue.followTo(path))) unlisted.push(path);
  for (const path of unlisted.slice(0, MAX_ADOPTED)) {
    try {
      const recording = await readRecording(path, files);
      if (recording === undefined) continue;
      await adopt(recording);
      notice({ level: 'warning', text: `the recording ${path} was not in the database: it is added again` });
    } catch (error) {
      notice({ level: 'warning', text: `the recording ${path} is ignored: ${(error as Error).message}` });
    }
  }
}

/** Reads the facts of a recording; returns `undefined` if it was not made by medkit. */
async function readRecording(path: string, files: AdoptionOptions['files']): Promise<CatalogueRecording | undefined> {
  const id = basename(path);
  const text = await files.readText(join(path, METADATA_FILE));
  const information = yaml().parse(text ?? '')?.rosbag2_bagfile_information;
  const faultCodes = faultCodesIn(information);
  const name = parseRecordingName(id);
  if (faultCodes.length === 0 || name === undefined) return undefined;
  const names = (await files.list(path)).map((entry) => entry.name).filter((each) => each !== METADATA_FILE);
  const facts = await Promise.all(names.map((each) => files.stateOf(join(path, each))));
  return {
    id,
    faultCodes,
    path,
    format: String(information.storage_identifier),
    octets: facts.reduce((sum, found) => sum + (found?.bytes ?? 0), 0),
    durationMs: Number(information.duration?.nanoseconds ?? 0) / 1e6,
    createdAtNs: BigInt(name.beganMs) * 1_000_000n,
  };
}
