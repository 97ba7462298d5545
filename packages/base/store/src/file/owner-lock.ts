import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreLocked } from '../errors.ts';
import { storeError } from '../sql/store-error.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** The process that holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When it took the lock, ISO 8601. */
  readonly since: string;
  /** The address at which it serves, once it does. */
  readonly address?: string;
}

/** Another process holds the lock. */
export class LockTaken extends StoreLocked {
  /** Unknown if the owner has not written its details yet. */
  readonly owner: LockOwner | undefined;

  constructor(path: string, owner: LockOwner | undefined) {
    super(`${path} is held by ${owner ? ownerText(owner) : 'another process'}`);
    this.owner = owner;
  }
}

export interface OwnerLock {
  /** Publishes the owner's address to processes that want the lock. */
  publishAddress(address: string): void;
  /** Takes the lock again if its file was removed. Returns whether it was; throws like taking the lock. */
  renew(): boolean;
  release(): void;
}

/**
 * Takes the lock at `path` and creates its folder if needed. It is a file lock of the operating system: it ends with
 * the process and also works between containers that share the folder. The owner's details are in `<path>.json`. Throws
 * `LockTaken`, or the error of a store if the file cannot be created.
 */
export function takeOwnerLock(path: string, owner: LockOwner): OwnerLock {
  let database = openLocked(path);
  let inode = inodeOf(path);
  let note = owner;
  const writeOwner = (): void => writeFileSync(`${path}.json`, `${JSON.stringify(note)}\n`, { mode: OWNER_ONLY_FILE });
  try {
    writeOwner();
  } catch (error) {
    database.close();
    throw storeError(error, path);
  }
  return {
    publishAddress(address) {
      note = { ...owner, address };
      writeOwner();
    },
    renew() {
      if (inodeOf(path) === inode) return false;
      const renewed = openLocked(path);
      database.close();
      database = renewed;
      inode = inodeOf(path);
      writeOwner();
      return true;
    },
    release: () => database.close(),
  };
}

/** Returns the inode of the file at a path, or `undefined` if it does not exist. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Formats process, host, address and time for a message. */
function ownerText({ pid, host, since, address }: LockOwner): string {
  return `process ${pid} on ${host}${address === undefined ? '' : ` at ${address}`}, since ${since}`;
}

function openLocked(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    // SQLite would create a file that every user can read.
    writeFileSync(path, '', { flag: 'a', mode: OWNER_ONLY_FILE });
    database = new DatabaseSync(path, { timeout: 0 });
    // The database stays empty: only the lock matters, which lasts as long as this transaction.
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
    // The details are not written yet or unreadable. The lock is held in any case.
    return undefined;
  }
}
