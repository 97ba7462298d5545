import type { JsonObject } from '../json/json-object.ts';
import type { CallContext } from './call-context.ts';

/**
 * The metadata of an update, complete as registered. medkit reads these members: `automated` (whether it may be
 * installed in one step), `origins` (`remote`, `proximity`), `version`, `updated_components` and `affected_components`
 * (ids of entities).
 */
export type UpdateMetadata = JsonObject & { readonly id: string };

/** Progress of an update task. */
export interface UpdateProgress {
  /** 0 to 100. */
  readonly percent: number;
  readonly steps?: readonly { readonly name: string; readonly percent: number }[];
  /** Time left to confirm the executed update, milliseconds; absent while it waits for no confirmation. */
  readonly confirmRemainingMs?: number;
}

/** How to execute an update. */
export interface ExecuteOptions {
  /**
   * The update is rolled back unless a client confirms it within this time after it was found good, milliseconds. A
   * robot that the update cuts off from its network thus returns by itself.
   */
  readonly confirmWithinMs?: number;
}

/** Metadata of an artifact in the update folder that no registered update refers to. */
export interface UnregisteredArtifact {
  /** Name of the artifact's folder. */
  readonly artifact: string;
  readonly id?: string;
  readonly version?: string;
  readonly target?: string;
  /** Why it cannot be installed in its present form. */
  readonly problem?: string;
}

/**
 * Installs software. Updates apply to the robot as a whole, so there is no entity. Failures are thrown as `SovdError`.
 * The failure of a task is stored and shown in the status of its update, with its parameters. Only one task runs at a
 * time, across all updates. Uses only plain data, so that a provider can run in a separate process.
 */
export interface UpdateProvider {
  /** Returns all registered updates. */
  list(call: CallContext): Promise<readonly UpdateMetadata[]>;
  /** Returns the artifacts that no registered update refers to. Absent if the provider has no update folder. */
  unregistered?(call: CallContext): Promise<readonly UnregisteredArtifact[]>;
  /** Throws `x-medkit-update-not-found` if the update does not exist. */
  get(updateId: string, call: CallContext): Promise<UpdateMetadata>;
  /**
   * Registers an update. Throws `x-medkit-update-already-exists`. The id is 1 to 256 characters of `[A-Za-z0-9._-]` and
   * does not begin with a dot.
   */
  register(metadata: UpdateMetadata, call: CallContext): Promise<void>;
  /**
   * Removes an update. An error with a status below 500 is a refusal and leaves the update unchanged. Does nothing if
   * the update does not exist.
   */
  remove(updateId: string, call: CallContext): Promise<void>;
  /** Resolves when the update is ready to be executed; nothing on the robot has changed yet. May take minutes. */
  prepare(updateId: string, call: CallContext): Promise<void>;
  /**
   * Resolves when the update is in use and, if `options` ask for it, confirmed. Rejects if it is not; the previous
   * software is then in use again.
   */
  execute(updateId: string, call: CallContext, options?: ExecuteOptions): Promise<void>;
  /**
   * Confirms an update that was executed with `confirmWithinMs`. Resolves when it stays in use, also if it was confirmed
   * before. Throws `precondition-not-fulfilled` if it waits for no confirmation yet, and `x-medkit-confirm-late` if it
   * was rolled back. Absent if the provider supports no confirmation.
   */
  confirm?(updateId: string, call: CallContext): Promise<void>;
  /**
   * Returns to a release that was in use before, even one too old to be executed. Resolves and rejects like
   * `execute`. Absent if the provider supports no rollback.
   */
  rollBack?(updateId: string, call: CallContext): Promise<void>;
  /**
   * Returns the progress of the running task, or `undefined` if there is none. Polled every second while a task runs.
   */
  progress?(updateId: string, call: CallContext): Promise<UpdateProgress | undefined>;
  /**
   * Called after a restart if the gateway ended while it executed this update. Finishes or undoes the update, and
   * resolves and rejects like `execute`. Absent: such an update counts as failed.
   */
  resume?(updateId: string, call: CallContext): Promise<void>;
}
