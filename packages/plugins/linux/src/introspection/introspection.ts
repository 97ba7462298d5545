import type { ErrorCode } from '@medkit/contract';
import type { JsonObject } from '@medkit/core';
import type Type from 'typebox';
import type { ProcessRef } from '../proc/proc-folder.ts';

/** A view of a process, as a resource of apps and, aggregated, of components. */
export interface Introspection {
  /** Last segment of its paths, such as `x-medkit-procfs`. */
  readonly resource: `x-medkit-${string}`;
  /** Part of operation ids, such as `getAppProcfs`. */
  readonly cap: string;
  readonly summary: string;
  readonly description: string;
  readonly schema: Type.TObject;
  /** Name of the list in a component's answer, and the member that identifies an item. */
  readonly list: string;
  readonly key: string;
  /** Errors besides a missing process. */
  readonly errors: readonly ErrorCode[];
  /** Returns whether a process has the resource; determines the capabilities. */
  has(process: ProcessRef): Promise<boolean>;
  /** Throws `SovdError` with one of `errors`. */
  read(process: ProcessRef): Promise<JsonObject>;
}
