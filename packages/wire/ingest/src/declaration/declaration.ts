/** Type of a port's eight octets. A bool is an int64 of 0 or 1. */
export type PortType = 'float64' | 'int64' | 'bool';

/** An area or component that the runtime declares. */
export interface DeclaredPlace {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

/** A value that is part of every state. */
export interface DeclaredPort {
  /** Unique in its app. */
  readonly id: string;
  readonly name?: string;
  readonly type: PortType;
  readonly unit?: string;
  /** Meaning of the value: a limit, a measurement that is checked against a limit, or a command. */
  readonly role?: 'threshold' | 'measured' | 'commanded';
  /** The port of the same app that this port refers to, for example the port that a threshold limits. */
  readonly of?: string;
  readonly label?: string;
  readonly blocks_motion?: boolean;
}

/** A fault whose result is part of every state. */
export interface DeclaredFault {
  /** Unique in the declaration. */
  readonly code: string;
  readonly severity: 0 | 1 | 2 | 3;
  readonly description: string;
  /** The ports in its freeze frame. Default: all ports of its app. */
  readonly ports?: readonly string[];
}

export interface DeclaredApp {
  /** Unique in the declaration. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** The id of one of the components. */
  readonly component?: string;
  readonly ports: readonly DeclaredPort[];
  readonly faults: readonly DeclaredFault[];
}

/** Describes a runtime. Ports and faults of all apps appear in the body of every state in this order. */
export interface Declaration {
  /** Name of the runtime, such as `RTMaps`. Its faults and freeze frames include it. */
  readonly runtime: string;
  readonly area?: DeclaredPlace;
  readonly components: readonly DeclaredPlace[];
  readonly apps: readonly DeclaredApp[];
}

/** Limits of a declaration. Ports and faults are counted over all apps. */
export const DECLARATION_LIMITS = { components: 64, apps: 64, ports: 256, faults: 64, textLength: 256 } as const;
