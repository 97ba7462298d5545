import { resolve } from 'node:path';
import type { Clock } from '@medkit/edges';
import { IN_MEMORY } from './engine/open-database.ts';
import type { EngineOptions } from './engine-options.ts';
import { memoryStore } from './memory-store.ts';
import type { Store } from './store.ts';
import { finishEngine, startEngine } from './thread/engine.ts';
import { superviseEngine } from './thread/engine-supervisor.ts';
import { storeThreads } from './thread/thread.ts';
import { threadedStore } from './thread/threaded-store.ts';

/** One set per process, because its stores usually share a disk. */
const THREADS = storeThreads();

export interface StoreOptions extends EngineOptions {
  readonly clock: Clock;
  /** Called for a damaged file that was moved aside, and for threads that ended. */
  readonly warn: (message: string) => void;
  /**
   * Called if the disk is full and the reserve was released or a write rejected: less important data should be removed.
   */
  readonly onShortage?: () => void;
}

/**
 * Opens the database at `path`, creating it and its folder if needed, and migrates its tables. Two threads do the work,
 * so that no disk blocks the caller. One writes for all stores of the process and serves the reads at start; the other
 * runs only while reads continue later. They keep the process alive until `close`. A damaged file is moved aside.
 * `:memory:` returns a `memoryStore`.
 *
 * Throws the errors of a `Store`, and `StoreTooNew` if a newer medkit wrote the file.
 */
export async function openStore({ clock, warn, onShortage, ...options }: StoreOptions): Promise<Store> {
  if (options.path === IN_MEMORY) return memoryStore({ clock, ...options });
  const path = resolve(options.path);
  const start = () => startEngine(THREADS, { ...options, path }, clock, onShortage);
  return threadedStore(await superviseEngine({ path, start, finish: finishEngine, clock, warn }));
}
