import type { JsonObject } from '../runtime/data-provider.ts';

/** A fault as a runtime outside of a graph records it: lists show it whole, with the one frame that it took. */
export interface FaultRecord {
  /** What a person calls it: `RTMaps fault PROTECTIVE_STOP`. */
  readonly name: string;
  /** Absent until it was taken. */
  readonly frame?: {
    /** `RTMaps freeze-frame` */
    readonly name: string;
    /** `{port: {value, history: [[microseconds of the runtime, value], …]}}` */
    readonly data: JsonObject;
  };
}
