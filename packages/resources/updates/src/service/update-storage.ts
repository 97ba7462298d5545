import type { UpdateState } from './update-state.ts';

/** Persistent storage of update states. A resolved write is on disk. Failures are thrown as `SovdError`. */
export interface UpdateStorage {
  /** Returns the states by id, without untouched updates. */
  load(): Promise<ReadonlyMap<string, UpdateState>>;
  put(updateId: string, state: UpdateState): Promise<void>;
  remove(updateId: string): Promise<void>;
}
