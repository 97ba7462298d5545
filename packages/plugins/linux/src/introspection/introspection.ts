import type { ErrorCode } from '@medkit/contract';
import type { JsonObject } from '@medkit/core';
import type Type from 'typebox';
import type { ProcessRef } from '../proc/proc-folder.ts';

/** One way of looking at a process, as a resource of apps and, gathered, of components. */
export interface Introspection {
  /** `x-medkit-procfs`: last segment of its paths. */
  readonly resource: `x-medkit-${string}`;
  /** In operation ids: `getAppProcfs`. */
  readonly cap: string;
  readonly summary: string;
  readonly description: string;
  readonly schema: Type.TObject;
  /** Name of the list in the answer of a component, and which member of an item tells items apart. */
  readonly list: string;
  readonly key: string;
  /** Besides that no process of the app was found. */
  readonly errors: readonly ErrorCode[];
  /** Whether a process has the resource at all: what is then listed among the capabilities. */
  has(process: ProcessRef): Promise<boolean>;
  /** Throws `SovdError` with one of `errors`. */
  read(process: ProcessRef): Promise<JsonObject>;
}
