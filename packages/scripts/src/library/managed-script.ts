import { globs } from '@medkit/core';
import type { ScriptFormat } from '../script-format.ts';

/** How a parameter of a script becomes an argument of its command line. */
export interface ScriptArgument {
  readonly name: string;
  /** `positional`: its value. `named`: a flag and its value. `flag`: a flag where it is true. */
  readonly type: string;
  /** `--<name>` unless given. */
  readonly flag?: string;
}

/** A script that belongs to the robot: whoever integrated it declares it, and it cannot be deleted. */
export interface ManagedScript {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Absolute. */
  readonly path: string;
  readonly format: ScriptFormat;
  readonly timeoutSec: number;
  /** Entities that it is for: ids, or `components/*` and the like; none is all. */
  readonly entityFilter: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly ScriptArgument[];
  /** JSON Schema of its parameters. */
  readonly parametersSchema?: unknown;
}

/** Whether a script is for an entity, such as `apps/lidar_driver`. */
export function isFor({ entityFilter }: ManagedScript, owner: string): boolean {
  if (entityFilter.length === 0) return true;
  const fits = globs(entityFilter);
  return fits(owner) || fits(owner.slice(owner.indexOf('/') + 1));
}
