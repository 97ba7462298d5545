import type { ConfigurationType } from '@medkit/contract';
import type { JsonValue } from '../json/json-object.ts';
import type { CallContext } from './call-context.ts';

/** A value with its type, which JSON cannot express, such as whether 5 is a double. */
export interface ConfigurationValue {
  readonly type: ConfigurationType;
  /**
   * Integers beyond 2^53 are `bigint`, bytes are numbers, a double without a JSON number is `.nan`, `.inf` or `-.inf`.
   */
  readonly value: JsonValue;
}

/** The value of a configuration after a write. */
export interface ConfigurationChange extends ConfigurationValue {
  /** The previous value; absent if unknown. */
  readonly before?: JsonValue;
}

/** A configuration that was changed, with its name. */
export interface NamedChange extends ConfigurationChange {
  readonly name: string;
}

/**
 * A configuration change that was made by another program and observed by the gateway. Values are JSON texts, truncated
 * if they are long. Values of secrets are not masked here, so they must not be shown.
 */
export interface ExternalConfigurationChange {
  readonly nativeId: string;
  /** Absent for a summary of several changes that are too many to report one by one. */
  readonly name?: string;
  /** The previous value, if known. */
  readonly from?: string;
  /** The new value. Absent if the configuration was removed, and for a summary of several changes. */
  readonly to?: string;
  /** Number of changes since the last report. Frequent changes are reported together. */
  readonly count: number;
  /** When the first and the last of these changes arrived, nanoseconds since the Unix epoch. */
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

/** Allowed range of a number, both ends included. */
export interface ConfigurationRange {
  readonly from: JsonValue;
  readonly to: JsonValue;
  /** Absent if any value between the ends is allowed. */
  readonly step?: JsonValue;
}

/** One configuration of an entity: a parameter. */
export interface ConfigurationEntry extends ConfigurationValue {
  /** Unique within its entity. */
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly range?: ConfigurationRange;
  /** Further constraints, as text. */
  readonly constraints?: string;
}

/** Result of resetting all configurations of an entity. */
export interface ConfigurationReset {
  /** Number of configurations that now have their initial value, including those that had it before. */
  readonly resetCount: number;
  /** Those whose value changed. */
  readonly changed?: readonly NamedChange[];
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** Serves the configurations of a runtime's entities. Failures are thrown as `SovdError`. */
export interface ConfigurationProvider {
  list(nativeId: string, call: CallContext): Promise<readonly ConfigurationEntry[]>;
  read(nativeId: string, name: string, call: CallContext): Promise<ConfigurationEntry>;
  /** Returns the value as it was set, in the type of the configuration. */
  write(nativeId: string, name: string, value: JsonValue, call: CallContext): Promise<ConfigurationChange>;
  /** Restores the value that the configuration had when the runtime first saw it. Returns the change if it is known. */
  reset(nativeId: string, name: string, call: CallContext): Promise<ConfigurationChange | undefined>;
  resetAll(nativeId: string, call: CallContext): Promise<ConfigurationReset>;
}
