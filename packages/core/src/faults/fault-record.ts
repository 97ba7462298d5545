import type { JsonObject } from '../json/json-object.ts';

/**
 * A fault that a runtime outside of a graph records itself. Lists show it in full, with the one frame that the runtime
 * captured.
 */
export interface FaultRecord {
  /** Display name: `RTMaps fault PROTECTIVE_STOP`. */
  readonly name: string;
  /** Absent until the frame is captured. */
  readonly frame?: {
    /** `RTMaps freeze-frame` */
    readonly name: string;
    /** `{port: {value, history: [[microseconds by the clock of the runtime, value], …]}}` */
    readonly data: JsonObject;
  };
}
