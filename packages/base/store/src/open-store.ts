import { resolve } from 'node:path';
import type { Clock } from '@medkit/edges';
import type { EngineOptions } from './engine/engine-options.ts';
import { IN_MEMORY } from './engine/open-database.ts';
import { memoryStore } from './memory-store.ts';
import type { Store } from './store.ts';
import { startEngine } from './thread/engine.ts';
import { keepEngine } from './thread/keep-engine.ts';
import { storeThreads } from './thread/thread.ts';
import { threadedStore } from './thread/threaded-store.ts';

/** Of this process, as the disks are. */
const THREADS = storeThreads();

export interface StoreOptions extends EngineOptions {
  readonly clock: Clock;
  /** Hears of a damaged file that was moved aside, and of threads that ended. */
  readonly warn: (message: string) => void;
  /** Hears that the disk is full, and the reserve was given up or a write refused: what matters less is to make room. */
  readonly onShortage?: () => void;
}

/**
 * Opens the database at `path`, making it and its folder where there is none, and brings its tables up to date. The work
 * is done in two threads, so that no disk holds up the caller: one writes for all stores of the process, and reads what is
 * read at the start; the other is there while something is read later. They keep the process alive until `close`. A damaged file is moved aside. `:memory:` gives a
 * `memoryStore`.
 *
 * Throws what a `Store` throws, and `StoreTooNew` where a newer medkit has written the file.
 */
export async function openStore({ clock, warn, onShortage, ...options }: StoreOptions): Promise<Store> {
  if (options.path === IN_MEMORY) return memoryStore({ clock, ...options });
  const path = resolve(options.path);
  const start = () => startEngine(THREADS, { ...options, path }, clock, onShortage);
  return threadedStore(path, await keepEngine({ path, start, clock, warn }));
}
