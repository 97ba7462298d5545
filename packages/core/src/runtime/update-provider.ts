import type { CallContext } from './call-context.ts';
import type { JsonObject } from './data-provider.ts';

/**
 * What is known of an update: as it was registered, all of it. Members that medkit looks at: `automated` (may it be installed
 * in one go), `origins` (`remote`, `proximity`), `version`, `updated_components` and `affected_components` (ids of entities).
 */
export type UpdateMetadata = JsonObject & { readonly id: string };

/** How far a task of an update is. */
export interface UpdateProgress {
  /** 0 to 100. */
  readonly percent: number;
  readonly steps?: readonly { readonly name: string; readonly percent: number }[];
}

/** An artifact that lies where updates are laid down, and that no update names: what it says of itself. */
export interface LaidDownUpdate {
  /** Name of its folder. */
  readonly artifact: string;
  readonly id?: string;
  readonly version?: string;
  readonly target?: string;
  /** Why it could not be installed as it is. */
  readonly problem?: string;
}

/**
 * Installs software. It belongs to the robot as a whole, so there is no entity. Failures are thrown as `SovdError`; those of
 * a task are kept and shown by the status of its update, with their parameters. One task is under way at a time, of all
 * updates. All of it is plain data, so that a provider may be in a process of its own.
 */
export interface UpdateProvider {
  /** Every update that is registered. */
  list(call: CallContext): Promise<readonly UpdateMetadata[]>;
  /** Artifacts that lie there and that no update names. Absent: they are not laid down. */
  unregistered?(call: CallContext): Promise<readonly LaidDownUpdate[]>;
  /** Throws `x-medkit-update-not-found`. */
  get(updateId: string, call: CallContext): Promise<UpdateMetadata>;
  /** Throws `x-medkit-update-already-exists`. The id is 1 to 256 characters of `[A-Za-z0-9._-]` and begins with no dot. */
  register(metadata: UpdateMetadata, call: CallContext): Promise<void>;
  /** What it throws with a status below 500 is a refusal: the update is as it was. Nothing happens to one that is not there. */
  remove(updateId: string, call: CallContext): Promise<void>;
  /** Resolves when the update could be executed, with nothing of the robot changed yet. May take minutes. */
  prepare(updateId: string, call: CallContext): Promise<void>;
  /** Resolves when the update is in use; rejects when it is not, and what was in use before is again. */
  execute(updateId: string, call: CallContext): Promise<void>;
  /**
   * Takes a release into use again that was in use before, also one that is too old to be executed; resolves and rejects as
   * `execute` does. Absent: there is no way back but an update.
   */
  rollBack?(updateId: string, call: CallContext): Promise<void>;
  /** Of the task that is under way; `undefined` where there is none. Asked every second meanwhile. */
  progress?(updateId: string, call: CallContext): Promise<UpdateProgress | undefined>;
  /**
   * The gateway ended while it executed this update, and is there again: finishes that or undoes it, and answers as `execute`
   * does. Absent: such an update counts as failed.
   */
  resume?(updateId: string, call: CallContext): Promise<void>;
}
