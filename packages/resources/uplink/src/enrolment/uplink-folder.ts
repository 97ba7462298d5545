import { join } from 'node:path';
import type { Files, WritableFiles } from '@medkit/edges';
import { type Identity, identityFrom, isRatchetStep, newIdentityKey } from '@medkit/tunnel';
import { type Enrolment, enrolmentProblem } from './enrolment.ts';

/** Readable by the user of the gateway alone. */
const OWNER_ONLY = 0o600;
/** Maximum length of a file in the folder. */
const MAX_FILE_CHARS = 16_384;

/**
 * Time for which the previous key is retained, by the clock of the hub: a hub that was restored from a backup of that
 * time knows no newer one.
 */
const PREVIOUS_KEY_MS = 30 * 86_400_000;

/** A file of the uplink folder that cannot be used. The message names the file, the problem and the remedy. */
export class UplinkFileBroken extends Error {
  override readonly name = 'UplinkFileBroken';
}

/**
 * What a robot stores for one hub: its key and the previous one, the enrolment, and the last step of the ratchet. Each file is replaced atomically and is on disk when a call resolves. Reading a file that cannot be used throws
 * `UplinkFileBroken`; it is never replaced.
 */
export interface UplinkFolder {
  readonly path: string;
  /** What a user does if a file of this folder is lost. */
  readonly remedy: string;
  /** Returns the key of this robot, and then its previous one while that is retained. Empty if it has none. */
  identities(): Promise<readonly Identity[]>;
  /** Returns the key of this robot, and creates it if it has none. */
  createIdentity(): Promise<Identity>;
  /** Replaces the key, which becomes the previous one. `atMs`: time of the hub. */
  rotateIdentity(atMs: number): Promise<Identity>;
  /** Removes the previous key if it is older than 30 days. `atMs`: time of the hub. */
  removeOldKey(atMs: number): Promise<void>;
  /** Returns the enrolment; `undefined` if this robot is not enrolled. */
  enrolment(): Promise<Enrolment | undefined>;
  /** Stores an enrolment. One with another receipt begins a new ratchet. */
  saveEnrolment(enrolment: Enrolment): Promise<void>;
  /** Stores the receipt of the present key. The ratchet continues. */
  saveReceipt(receipt: string): Promise<void>;
  /** Returns the last step of the ratchet; `undefined` before the first connection. */
  ratchet(): Promise<string | undefined>;
  saveRatchet(step: string): Promise<void>;
  /** Removes keys, enrolment and ratchet, and the folder of a further hub. */
  clear(): Promise<void>;
}

export type UplinkFiles = Pick<Files, 'readText'> & Pick<WritableFiles, 'remove' | 'replaceText'>;

/**
 * Opens the folder of a hub in a data folder; it need not exist. It is `uplink` for the hub at which the robot was enrolled
 * first, and `uplink/<fingerprint>` for a further hub.
 * @param further fingerprint of a further hub
 */
export function uplinkFolder(dataFolder: string, files: UplinkFiles, further = ''): UplinkFolder {
  const path = join(dataFolder, 'uplink', further);
  const leave = further === '' ? '--seal' : `--remove ${further}`;
  const remedy = `restore it from a backup, or run \`medkit enrol ${leave}\` and enrol with a new invitation`;
  const keyFile = join(path, 'key.pem');
  const previousFile = join(path, 'previous-key.json');
  const hubFile = join(path, 'hub.json');
  const ratchetFile = join(path, 'ratchet');

  const read = async <T>(file: string, parse: (text: string) => T, advice = remedy): Promise<T | undefined> => {
    const text = await files.readText(file, { regularOnly: true });
    if (text === undefined) return undefined;
    try {
      if (text.length > MAX_FILE_CHARS) throw new Error(`it has more than ${MAX_FILE_CHARS} characters`);
      return parse(text);
    } catch (error) {
      throw new UplinkFileBroken(`${file} cannot be used: ${(error as Error).message}; ${advice}`);
    }
  };
  const identity = (): Promise<Identity | undefined> => read(keyFile, parseKey);
  const enrolment = (): Promise<Enrolment | undefined> => read(hubFile, parseEnrolment);
  const previousKey = () => read(previousFile, parsePreviousKey, 'remove it: the robot connects with key.pem');
  const saveEnrolment = (next: Enrolment) =>
    files.replaceText(hubFile, `${JSON.stringify(next, null, 2)}\n`, OWNER_ONLY);
  const createKey = async (): Promise<Identity> => {
    const key = newIdentityKey();
    await files.replaceText(keyFile, key, OWNER_ONLY);
    return identityFrom(key);
  };
  return {
    path,
    remedy,
    identities: async () => {
      const current = await identity();
      if (!current) return [];
      const previous = await previousKey();
      // The same after the process was killed between the two files of a rotation.
      const isOther = previous && previous.identity.fingerprint !== current.fingerprint;
      return isOther ? [current, previous.identity] : [current];
    },
    createIdentity: async () => (await identity()) ?? (await createKey()),
    rotateIdentity: async (atMs) => {
      const { key } = (await identity())!;
      // The previous key first: at each point `key.pem` has one that the hub accepts, or one that replaces it.
      await files.replaceText(previousFile, `${JSON.stringify({ key, replaced_ms: atMs })}\n`, OWNER_ONLY);
      return createKey();
    },
    removeOldKey: async (atMs) => {
      const previous = await previousKey();
      if (previous && atMs - previous.replacedMs >= PREVIOUS_KEY_MS) await files.remove(previousFile);
    },
    enrolment,
    saveEnrolment: async (next) => {
      const known = await enrolment();
      // Removed first: with an old ratchet, the hub would take a new enrolment for a copy of this disk.
      if (known?.receipt !== next.receipt) await files.remove(ratchetFile);
      await saveEnrolment(next);
    },
    saveReceipt: async (receipt) => {
      const known = await enrolment();
      if (known && known.receipt !== receipt) await saveEnrolment({ ...known, receipt });
    },
    ratchet: () => read(ratchetFile, parseStep),
    saveRatchet: (step) => files.replaceText(ratchetFile, `${step}\n`, OWNER_ONLY),
    clear: async () => {
      // The enrolment first: a gateway does not connect without it.
      for (const file of [hubFile, keyFile, previousFile, ratchetFile]) await files.remove(file);
      if (further !== '') await files.remove(path);
    },
  };
}

function parseKey(text: string): Identity {
  try {
    return identityFrom(text);
  } catch {
    throw new Error('it is not an Ed25519 private key (PEM)');
  }
}

function parsePreviousKey(text: string): { readonly identity: Identity; readonly replacedMs: number } {
  const { key, replaced_ms: replacedMs } = Object(parseJson(text)) as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string' || typeof replacedMs !== 'number') throw new Error('it has no key, or no time');
  return { identity: parseKey(key), replacedMs };
}

function parseEnrolment(text: string): Enrolment {
  const value = parseJson(text);
  const problem = enrolmentProblem(value);
  if (problem !== undefined) throw new Error(problem);
  return value as Enrolment;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
}

function parseStep(text: string): string {
  const step = text.trim();
  if (!isRatchetStep(step)) throw new Error('it is not a step of the ratchet');
  return step;
}
