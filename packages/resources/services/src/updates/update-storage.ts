import type { UpdateState } from './update-state.ts';

/** Keeps where updates stand. What was written is on disk. Failures are thrown as `SovdError`. */
export interface UpdateStorage {
  /** By id; those that were never touched are not among them. */
  load(): Promise<ReadonlyMap<string, UpdateState>>;
  put(updateId: string, state: UpdateState): Promise<void>;
  remove(updateId: string): Promise<void>;
}
