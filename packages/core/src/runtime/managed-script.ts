/** What runs a script: the words of manifests. */
export const SCRIPT_FORMATS = ['bash', 'python', 'sh'] as const;
export type ScriptFormat = (typeof SCRIPT_FORMATS)[number];

/** How a parameter of a script becomes an argument of its command line. */
export interface ScriptArgument {
  readonly name: string;
  /** `positional`: its value. `named`: a flag and its value. `flag`: a flag where it is true. */
  readonly type: string;
  /** `--<name>` unless given. */
  readonly flag?: string;
}

/** A diagnostic script that belongs to the robot: whoever integrated it declares it, and it cannot be deleted. */
export interface ManagedScript {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Absolute where the path of the manifest is: what is written relatively starts from its folder. */
  readonly path: string;
  readonly format: ScriptFormat;
  readonly timeoutSec: number;
  /** Entities that it is for: ids, or globs such as `components/*`; none is all. */
  readonly entityFilter: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly ScriptArgument[];
  /** JSON Schema of its parameters. */
  readonly parametersSchema?: unknown;
}
