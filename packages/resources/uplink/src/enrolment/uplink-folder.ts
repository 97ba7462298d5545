import { join } from 'node:path';
import type { Files, WritableFiles } from '@medkit/edges';
import { type Identity, identityFrom, isRatchetStep, newIdentityKey } from '@medkit/tunnel';
import { type Enrolment, enrolmentProblem } from './enrolment.ts';

/** Readable by the user of the gateway alone. */
const OWNER_ONLY = 0o600;
/** Maximum length of a file in the folder. */
const MAX_FILE_CHARS = 16_384;

/** A file of the uplink folder that cannot be used. The message names the file, the problem and the remedy. */
export class UplinkFileBroken extends Error {
  override readonly name = 'UplinkFileBroken';
}

/**
 * The folder `uplink` of the data folder: the key of this robot, its enrolment, and the last step of the ratchet. Each
 * file is replaced atomically and is on disk when a call resolves. Reading a file that cannot be used throws
 * `UplinkFileBroken`; it is never replaced.
 */
export interface UplinkFolder {
  readonly path: string;
  /** Returns the key of this robot; `undefined` if it has none. */
  identity(): Promise<Identity | undefined>;
  /** Returns the key of this robot, and creates it if it has none. */
  createIdentity(): Promise<Identity>;
  /** Returns the enrolment; `undefined` if this robot is not enrolled. */
  enrolment(): Promise<Enrolment | undefined>;
  /** Stores an enrolment. One with another receipt begins a new ratchet. */
  saveEnrolment(enrolment: Enrolment): Promise<void>;
  /** Returns the last step of the ratchet; `undefined` before the first connection. */
  ratchet(): Promise<string | undefined>;
  saveRatchet(step: string): Promise<void>;
  /** Removes key, enrolment and ratchet. */
  clear(): Promise<void>;
}

export type UplinkFiles = Pick<Files, 'readText'> & Pick<WritableFiles, 'remove' | 'replaceText'>;

/** Opens the folder `uplink` in a data folder; it need not exist. */
export function uplinkFolder(dataFolder: string, files: UplinkFiles): UplinkFolder {
  const path = join(dataFolder, 'uplink');
  const [keyFile, hubFile, ratchetFile] = ['key.pem', 'hub.json', 'ratchet'].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];

  const read = async <T>(file: string, parse: (text: string) => T): Promise<T | undefined> => {
    const text = await files.readText(file, { regularOnly: true });
    if (text === undefined) return undefined;
    try {
      if (text.length > MAX_FILE_CHARS) throw new Error(`it has more than ${MAX_FILE_CHARS} characters`);
      return parse(text);
    } catch (error) {
      const remedy = 'restore it from a backup, or run `medkit enrol --seal` and enrol with a new invitation';
      throw new UplinkFileBroken(`${file} cannot be used: ${(error as Error).message}; ${remedy}`);
    }
  };
  const identity = (): Promise<Identity | undefined> => read(keyFile, parseKey);
  const enrolment = (): Promise<Enrolment | undefined> => read(hubFile, parseEnrolment);
  return {
    path,
    identity,
    createIdentity: async () => {
      const known = await identity();
      if (known) return known;
      const key = newIdentityKey();
      await files.replaceText(keyFile, key, OWNER_ONLY);
      return identityFrom(key);
    },
    enrolment,
    saveEnrolment: async (next) => {
      const known = await enrolment();
      // Removed first: with an old ratchet, the hub would take a new enrolment for a copy of this disk.
      if (known?.receipt !== next.receipt) await files.remove(ratchetFile);
      await files.replaceText(hubFile, `${JSON.stringify(next, null, 2)}\n`, OWNER_ONLY);
    },
    ratchet: () => read(ratchetFile, parseStep),
    saveRatchet: (step) => files.replaceText(ratchetFile, `${step}\n`, OWNER_ONLY),
    clear: async () => {
      // The enrolment first: a gateway does not connect without it.
      for (const file of [hubFile, keyFile, ratchetFile]) await files.remove(file);
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
