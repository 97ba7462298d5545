import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreLocked } from '../errors.ts';
import { storeError } from '../sql/store-error.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Who has what a lock stands for. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When it took the lock, ISO 8601. */
  readonly since: string;
  /** Where it is to be reached, once it is. */
  readonly address?: string;
}

/** What a lock stands for is had by another process. */
export class LockTaken extends StoreLocked {
  /** Unknown where it has not said so yet. */
  readonly owner: LockOwner | undefined;

  constructor(path: string, owner: LockOwner | undefined) {
    super(`${path} is held by ${owner ? told(owner) : 'another process'}`);
    this.owner = owner;
  }
}

export interface OwnerLock {
  /** Tells whoever wants the lock too where its owner is to be reached. */
  tellAddress(address: string): void;
  /** Takes the lock anew where its file was removed. Gives whether that was so; throws what taking it throws. */
  renew(): boolean;
  release(): void;
}

/**
 * Takes the lock at `path`, whose folder is made where there is none. It is one of the system on a file, so it goes with the
 * process, however that ends, and holds for other containers that share the folder too. Who has it stands beside it, in
 * `<path>.json`. Throws `LockTaken`, and what a store throws where there can be no file.
 */
export function takeOwnerLock(path: string, owner: LockOwner): OwnerLock {
  let database = openLocked(path);
  let inode = inodeOf(path);
  let note = owner;
  const tell = (): void => writeFileSync(`${path}.json`, `${JSON.stringify(note)}\n`, { mode: OWNER_ONLY_FILE });
  try {
    tell();
  } catch (error) {
    database.close();
    throw storeError(error, path);
  }
  return {
    tellAddress(address) {
      note = { ...owner, address };
      tell();
    },
    renew() {
      if (inodeOf(path) === inode) return false;
      const renewed = openLocked(path);
      database.close();
      database = renewed;
      inode = inodeOf(path);
      tell();
      return true;
    },
    release: () => database.close(),
  };
}

/** The file at a path, whatever its name was before; `undefined` for none. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** The process, the machine, the address and the moment, for a message. */
function told({ pid, host, since, address }: LockOwner): string {
  return `process ${pid} on ${host}${address === undefined ? '' : ` at ${address}`}, since ${since}`;
}

function openLocked(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    // SQLite would let everybody read it.
    writeFileSync(path, '', { flag: 'a', mode: OWNER_ONLY_FILE });
    database = new DatabaseSync(path, { timeout: 0 });
    // Nothing is ever written: the lock is all that is wanted of it, and holds as long as this transaction.
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    const failure = storeError(error, path);
    throw failure instanceof StoreLocked ? new LockTaken(path, ownerAt(path)) : failure;
  }
}

function ownerAt(path: string): LockOwner | undefined {
  try {
    const { pid, host, since, address } = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    return { pid: Number(pid), host: String(host), since: String(since), ...(address && { address: String(address) }) };
  } catch {
    // It is not written yet, or by somebody else: that the lock is held is certain all the same.
    return undefined;
  }
}
