import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type LockOwner, LockTaken, StoreError, takeOwnerLock } from '@medkit/store';
import { StartRefused } from '../http/listen.ts';

/** How often it is looked whether the lock is still there, for somebody may have removed the folder. */
const LOOK_PERIOD_MS = 5000;

export interface DataFolderOptions {
  /** Absolute. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The folder of a gateway's data, which no other gateway has as long. */
export interface DataFolder {
  /** Tells a gateway that wants the folder too where this one is to be reached. */
  tellAddress(url: string): void;
  release(): void;
}

/** This process, as it names itself to those who want what it has. */
export function ownerOf(clock: Clock): LockOwner {
  return { pid: process.pid, host: hostname(), since: new Date(clock.wallMs()).toISOString() };
}

/**
 * Takes the folder of the data for this gateway alone: two would grant the same lock to two clients. Throws `StartRefused`
 * where another has it, and names that one. Where there can be no lock there can be no data either, so that is only told.
 */
export function takeDataFolder({ folder, clock, log }: DataFolderOptions): DataFolder {
  try {
    const lock = takeOwnerLock(join(folder, 'gateway.lock'), ownerOf(clock));
    const unlessRefused = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        log('error', `${folder} is not for this gateway alone any more: ${error.message}`);
      }
    };
    const look = clock.every(LOOK_PERIOD_MS, () =>
      unlessRefused(() => {
        if (lock.renew()) log('warn', `${folder} was removed while the gateway runs, and is made anew`);
      }),
    );
    return {
      tellAddress: (url) => unlessRefused(() => lock.tellAddress(url)),
      release: () => {
        look.cancel();
        lock.release();
      },
    };
  } catch (error) {
    if (error instanceof LockTaken)
      throw new StartRefused(`${error.message}; stop that one, or choose another --data-dir`);
    if (!(error instanceof StoreError)) throw error;
    log('warn', `it is not certain that no other gateway uses ${folder}: ${error.message}`);
    return { tellAddress: () => undefined, release: () => undefined };
  }
}
