import { basename, join } from 'node:path';
import type { Files } from '@medkit/edges';
import { type Enrolment, hubName } from './enrolment.ts';
import { type UplinkFiles, type UplinkFolder, uplinkFolder } from './uplink-folder.ts';

/** Maximum hubs of one robot: two for a migration, or for a manufacturer and an operator. */
export const MAX_ENROLMENTS = 2;
/** Name of the folder of a further hub: the fingerprint of its key. */
const FURTHER = /^[0-9A-Z]{20}$/;

/** A hub at which this robot is enrolled. */
export interface StoredHub {
  /**
   * Name of the hub on this robot: the host of its address, with the port if it is not the usual one. The fingerprint of
   * its key if another hub has that name; the name of its folder if its file cannot be read.
   */
  readonly name: string;
  readonly folder: UplinkFolder;
  /** Absent if the file cannot be read. */
  readonly enrolment?: Enrolment;
  /** Why the file cannot be read. */
  readonly broken?: string;
}

type HubFiles = UplinkFiles & Pick<Files, 'list' | 'stateOf'>;

/** Returns the folders of all hubs, also of an enrolment that was interrupted. The first one need not exist. */
export async function hubFolders(
  dataFolder: string,
  files: UplinkFiles & Pick<Files, 'list'>,
): Promise<readonly UplinkFolder[]> {
  const first = uplinkFolder(dataFolder, files);
  const entries = await files.list(first.path);
  const further = entries.filter(({ name, isDirectory }) => isDirectory && FURTHER.test(name));
  return [first, ...further.map(({ name }) => uplinkFolder(dataFolder, files, name))];
}

/** Returns the hubs at which this robot is enrolled: first the one in `uplink`, then by the time of the enrolment. */
export async function storedHubs(dataFolder: string, files: HubFiles): Promise<readonly StoredHub[]> {
  const read = [];
  for (const folder of await hubFolders(dataFolder, files)) {
    if (await files.stateOf(join(folder.path, 'hub.json'))) read.push(await readHub(folder));
  }
  const isFurther = ({ folder }: Pick<StoredHub, 'folder'>): boolean => FURTHER.test(basename(folder.path));
  read.sort((a, b) => Number(isFurther(a)) - Number(isFurther(b)) || timeOf(a) - timeOf(b));
  const names = new Set<string>();
  return read.map(({ folder, enrolment, broken }) => {
    const usual = enrolment ? hubName(enrolment) : basename(folder.path);
    const name = names.has(usual) && enrolment ? enrolment.hub_fingerprint : usual;
    names.add(name);
    return { name, folder, ...(enrolment && { enrolment }), ...(broken !== undefined && { broken }) };
  });
}

async function readHub(folder: UplinkFolder): Promise<Omit<StoredHub, 'name'>> {
  try {
    const enrolment = await folder.enrolment();
    return { folder, ...(enrolment && { enrolment }) };
  } catch (error) {
    return { folder, broken: (error as Error).message };
  }
}

/** Time of the enrolment, milliseconds since 1970; an unreadable one is the last. */
const timeOf = ({ enrolment }: Pick<StoredHub, 'enrolment'>): number =>
  Date.parse(enrolment?.enrolled_at ?? '') || Number.MAX_SAFE_INTEGER;

/** What a user calls a hub. */
export interface NamedHub {
  readonly name: string;
  readonly enrolment?: Pick<Enrolment, 'hub_fingerprint'>;
}

/** Returns whether a text names this hub: its name, or the fingerprint of its key. */
export const isHub = (hub: NamedHub, text: string): boolean =>
  hub.name === text || hub.enrolment?.hub_fingerprint === text;
