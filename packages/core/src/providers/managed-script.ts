/** Interpreters of scripts, named as in manifests. */
export const SCRIPT_FORMATS = ['bash', 'python', 'sh'] as const;
export type ScriptFormat = (typeof SCRIPT_FORMATS)[number];

/** Maps a parameter of a script to a command-line argument. */
export interface ScriptArgument {
  readonly name: string;
  /**
   * `positional`: passes the value. `named`: passes a flag and the value. `flag`: passes the flag if the value is true.
   */
  readonly type: string;
  /** Default: `--<name>`. */
  readonly flag?: string;
}

/** A diagnostic script that the integrator of the robot declares in a manifest. Clients cannot delete it. */
export interface ManagedScript {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Relative paths start from the folder of the manifest. Absolute if the path of the manifest is absolute. */
  readonly path: string;
  readonly format: ScriptFormat;
  readonly timeoutSec: number;
  /** Entities that the script is for: ids, or globs such as `components/*`. Empty means all. */
  readonly entityFilter: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly ScriptArgument[];
  /** JSON Schema of the parameters. */
  readonly parametersSchema?: unknown;
}
