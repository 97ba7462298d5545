import { UPDATE_ID } from '@medkit/contract';
import { isJsonObject } from '@medkit/core';
import { updateRefusal } from '../update-refusal.ts';

/** Files in the folder of an artifact, next to its content. */
export const MANIFEST_FILE = 'update.json';
export const SIGNATURE_FILE = 'update.sig';
/** File in an artifact that a client sent to the robot: digest and size of the transfer. It is no part of the artifact. */
export const RECEIVED_FILE = 'update.received';

/** Format marker of a manifest, so that no other signed JSON is mistaken for one. */
export const MANIFEST_FORMAT = 'medkit-update/1';

/** One file of an artifact. */
export interface ArtifactFile {
  /** Relative path with `/` as separator. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** File permissions as four octal digits, such as `0755`. */
  readonly mode: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The signed description of an artifact. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly id: string;
  readonly version: string;
  /** What the artifact is to be installed on. */
  readonly target: string;
  /**
   * Increases from release to release; 0 if absent. Once a release was in use, releases with a smaller epoch are
   * refused, even if they are signed.
   */
  readonly epoch?: number;
  readonly files: readonly ArtifactFile[];
}

/** Maximum bytes of a manifest, and maximum files in it. */
export const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
export const MAX_FILES = 50_000;
const MAX_PATH_LENGTH = 1024;
const MAX_WORD_LENGTH = 256;

/** Parses a manifest. Throws `x-medkit-update-refused` if it is invalid or names a file outside of the release. */
export function readManifest(octets: Uint8Array): Manifest {
  const raw = parsed(octets);
  const { format, id, version, target, epoch, files } = raw;
  if (format !== MANIFEST_FORMAT) throw wrong(`its format is not ${MANIFEST_FORMAT}`);
  if (typeof id !== 'string' || !UPDATE_ID.test(id)) throw wrong('its id is invalid');
  if (!isWord(version)) throw wrong('it has no version');
  if (!isWord(target)) throw wrong('it has no target');
  if (epoch !== undefined && (!Number.isSafeInteger(epoch) || (epoch as number) < 0))
    throw wrong('its epoch is invalid');
  if (!Array.isArray(files) || files.length === 0) throw wrong('it lists no files');
  if (files.length > MAX_FILES) throw wrong(`it lists more than ${MAX_FILES} files`);
  const read = files.map(fileOf);
  assertOneTree(read);
  return {
    format: MANIFEST_FORMAT,
    id,
    version,
    target,
    ...(epoch !== undefined && { epoch: epoch as number }),
    files: read,
  };
}

/** Returns the total bytes of all files. */
export function totalSize({ files }: Manifest): number {
  return files.reduce((total, { size }) => total + size, 0);
}

function parsed(octets: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets));
    if (isJsonObject(value)) return value;
  } catch {
    // Refused below, like JSON that is no object.
  }
  throw wrong('it is not a JSON object');
}

function fileOf(raw: unknown): ArtifactFile {
  if (!isJsonObject(raw)) throw wrong('one of its files is not an object');
  const { path, size, mode, sha256 } = raw;
  if (typeof path !== 'string' || !isContent(path)) throw wrong(`${quoted(path)} is not a valid path of a file`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw wrong(`${path} has no size`);
  // No set-user-ID, and not writable by other users.
  if (typeof mode !== 'string' || !/^0[0-7]{2}[0145]$/.test(mode)) throw wrong(`${path} has no mode such as 0644`);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw wrong(`${path} has no SHA-256`);
  return { path, size: size as number, mode, sha256 };
}

/** Returns whether a path stays inside the release, and is not the manifest or signature itself. */
function isContent(path: string): boolean {
  return path !== MANIFEST_FILE && path !== SIGNATURE_FILE && isInside(path);
}

/** Returns whether a path stays inside its folder: not absolute, no `..`, no control characters. */
export function isInside(path: string): boolean {
  if (path.length > MAX_PATH_LENGTH || /\p{Cc}/u.test(path)) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255);
}

/** Throws if a file is listed twice, or as both a file and a folder. */
function assertOneTree(files: readonly ArtifactFile[]): void {
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size < files.length) throw wrong('it lists a file twice');
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) throw wrong(`${path.slice(0, end)} is a file and a folder`);
    }
  }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_WORD_LENGTH && !/\p{Cc}/u.test(value);
}

function quoted(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 100));
}

function wrong(reason: string) {
  return updateRefusal('manifest', `${MANIFEST_FILE} of the artifact cannot be used: ${reason}`);
}
