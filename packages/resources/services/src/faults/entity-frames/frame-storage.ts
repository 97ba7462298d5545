import type { FreezeFrame } from '@medkit/core';

/** The frames of the entities of one fault. */
export interface KeptFrames {
  readonly faultCode: string;
  readonly frames: readonly FreezeFrame[];
}

/** Where frames of entities outlive the process. Every call throws `SovdError`, `service-unavailable` where the disk fails. */
export interface FrameStorage {
  /** What was kept, the oldest first. */
  load(): Promise<readonly KeptFrames[]>;
  /** Lets go of the frames of some faults, then keeps those of one as the newest: both or neither. */
  write(change: { readonly put: KeptFrames; readonly remove: readonly string[] }): Promise<void>;
}
