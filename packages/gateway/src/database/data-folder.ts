import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type LockOwner, LockTaken, StoreError, takeOwnerLock } from '@medkit/store';
import { StartRefused } from '../listen.ts';

/** Interval of the checks that the lock file still exists: a user may have removed the folder. */
const LOOK_PERIOD_MS = 5000;

export interface DataFolderOptions {
  /** Absolute. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A data folder that is locked for this gateway. */
export interface DataFolder {
  /** Writes this gateway's URL into the lock, for other gateways that want the folder. */
  publishAddress(url: string): void;
  release(): void;
}

/** Identifies this process in a lock. */
export function ownerOf(clock: Clock): LockOwner {
  return { pid: process.pid, host: hostname(), since: new Date(clock.wallMs()).toISOString() };
}

/**
 * Locks the data folder for this gateway alone: two gateways could grant the same lock to two clients. Throws
 * `StartRefused` if another gateway holds it, with that one's identity. If no lock can be created, data cannot be
 * stored either: this is only logged.
 */
export function lockDataFolder({ folder, clock, log }: DataFolderOptions): DataFolder {
  try {
    const lock = takeOwnerLock(join(folder, 'gateway.lock'), ownerOf(clock));
    const unlessRefused = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        log('error', `${folder} is no longer used by this gateway alone: ${error.message}`);
      }
    };
    const look = clock.every(LOOK_PERIOD_MS, () =>
      unlessRefused(() => {
        if (lock.renew()) log('warn', `${folder} was removed while the gateway runs, and is created again`);
      }),
    );
    return {
      publishAddress: (url) => unlessRefused(() => lock.publishAddress(url)),
      release: () => {
        look.cancel();
        lock.release();
      },
    };
  } catch (error) {
    if (error instanceof LockTaken)
      throw new StartRefused(`${error.message}; stop that process, or choose another --data-dir`);
    if (!(error instanceof StoreError)) throw error;
    log('warn', `cannot check whether another gateway uses ${folder}: ${error.message}`);
    return { publishAddress: () => undefined, release: () => undefined };
  }
}

/**
 * Returns the gateway that holds a data folder, whose identity may be unknown. If there is none, locks the folder until
 * `opened` is closed: no gateway can start meanwhile.
 */
export function holderOf(
  folder: string,
  clock: Clock,
  opened: Pick<AsyncDisposableStack, 'defer'>,
): { readonly owner: LockOwner | undefined } | undefined {
  try {
    const lock = takeOwnerLock(join(folder, 'gateway.lock'), ownerOf(clock));
    opened.defer(() => lock.release());
    return undefined;
  } catch (error) {
    if (error instanceof LockTaken) return { owner: error.owner };
    throw error;
  }
}
