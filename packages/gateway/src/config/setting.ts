/** How a number outside its range is handled, always with a notice that contains both values. */
export type OutOfRangePolicy =
  /** Uses the nearest value inside the range. */
  | 'clamp'
  /** Uses the default. */
  | 'default'
  /** The gateway does not start. */
  | 'refuse';

interface Described {
  /** One or two sentences for `--help` and docs/config.md. */
  readonly about: string;
  /** The version that introduced the setting. */
  readonly since: string;
  /** Long command-line flag without its dashes. Every other key is set with `--set key=value`. */
  readonly flag?: string;
  /** Environment variable, if it is not `MEDKIT_` and the key in capitals. */
  readonly variable?: string;
  /** The value is never printed. */
  readonly secret?: true;
  /** Text in the documents for a default that depends on the machine. */
  readonly defaultText?: string;
}

export interface NumericSetting extends Described {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly outside: OutOfRangePolicy;
  /** A value outside the range with a special meaning. */
  readonly special?: { readonly value: number; readonly meaning: string };
}

export interface BooleanSetting extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface TextSetting extends Described {
  readonly type: 'text';
  readonly default: string;
  /** Required pattern, and its description; the gateway does not start with other values. */
  readonly matches?: { readonly pattern: RegExp; readonly meaning: string };
}

export interface ListSetting extends Described {
  readonly type: 'list';
  readonly default: readonly string[];
  /** Required pattern of each item, and its description; the gateway does not start with other ones. */
  readonly matches?: TextSetting['matches'];
  /** Maximum number of items; the gateway does not start with more. */
  readonly maxItems?: number;
}

/** One row of the table of settings. */
export type Setting = NumericSetting | BooleanSetting | TextSetting | ListSetting;

/** Returns the environment variable that sets `key`. */
export function variableName(key: string, setting?: Setting): string {
  return setting?.variable ?? `MEDKIT_${key.replaceAll('.', '_').toUpperCase()}`;
}
