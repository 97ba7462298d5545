import type { ConfigurationType } from '@medkit/contract';
import type { CallContext } from './call-context.ts';
import type { JsonValue } from './data-provider.ts';

/** A value together with its type, which says more than JSON does: whether 5 is a double. */
export interface ConfigurationValue {
  readonly type: ConfigurationType;
  /** Integers beyond 2^53 are `bigint`, bytes are numbers, a double that is no number is `.nan`, `.inf` or `-.inf`. */
  readonly value: JsonValue;
}

/** A value that was set. */
export interface ConfigurationChange extends ConfigurationValue {
  /** The value that it took the place of; absent where that is not known. */
  readonly before?: JsonValue;
}

/** A configuration whose value was set. */
export interface NamedChange extends ConfigurationChange {
  readonly name: string;
}

/**
 * A configuration that somebody else than this gateway was seen to change. Values are JSON, cut where they are long; of one that holds
 * a secret they are as plain as here, and nothing to show.
 */
export interface ConfigurationSeen {
  readonly nativeId: string;
  /** Absent: of several, which are too many to tell each. */
  readonly name?: string;
  /** The value before, where that is known. */
  readonly from?: string;
  /** The value since; absent where it has none any more, and of several. */
  readonly to?: string;
  /** How often it was changed since it was told last: what changes again and again is told now and then. */
  readonly count: number;
  /** When the first and the last of these came, nanoseconds since the Unix epoch. */
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

/** What a number may be, both ends included. */
export interface ConfigurationRange {
  readonly from: JsonValue;
  readonly to: JsonValue;
  /** Absent: any value between the ends. */
  readonly step?: JsonValue;
}

/** One configuration of an entity: a parameter. */
export interface ConfigurationEntry extends ConfigurationValue {
  /** Unique on its entity. */
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly range?: ConfigurationRange;
  /** Further constraints, in words. */
  readonly constraints?: string;
}

/** What became of the configurations of an entity that were to be reset. */
export interface ConfigurationReset {
  /** Those that have their first value now, also if they had it before. */
  readonly resetCount: number;
  /** Those of them whose value is another one now. */
  readonly changed?: readonly NamedChange[];
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** Serves the configurations of a runtime's entities. Failures are thrown as `SovdError`. */
export interface ConfigurationProvider {
  list(nativeId: string, call: CallContext): Promise<readonly ConfigurationEntry[]>;
  read(nativeId: string, name: string, call: CallContext): Promise<ConfigurationEntry>;
  /** Gives the value as it was set, in the type of the configuration. */
  write(nativeId: string, name: string, value: JsonValue, call: CallContext): Promise<ConfigurationChange>;
  /** Sets the value that the configuration had when the runtime first saw it, and gives the change if that is known. */
  reset(nativeId: string, name: string, call: CallContext): Promise<ConfigurationChange | undefined>;
  resetAll(nativeId: string, call: CallContext): Promise<ConfigurationReset>;
}
