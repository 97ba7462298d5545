/** What eight octets of a port are; a bool is an int64 of 0 or 1. */
export type PortType = 'float64' | 'int64' | 'bool';

/** An area or component that the runtime brings along. */
export interface DeclaredPlace {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

/** A value that goes with every state. */
export interface DeclaredPort {
  /** Unique in its app. */
  readonly id: string;
  readonly name?: string;
  readonly type: PortType;
  readonly unit?: string;
  /** What it says of the world: a limit, what was measured against it, or what was asked for. */
  readonly role?: 'threshold' | 'measured' | 'commanded';
  /** The port of the same app that this one is about, such as what a threshold limits. */
  readonly of?: string;
  readonly label?: string;
  readonly blocks_motion?: boolean;
}

/** A fault whose result goes with every state. */
export interface DeclaredFault {
  /** Unique in the declaration. */
  readonly code: string;
  readonly severity: 0 | 1 | 2 | 3;
  readonly description: string;
  /** The ports of its freeze frame; all of its app unless given. */
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

/** What a runtime is. The order of ports and faults, over all apps, is that of the body of every state. */
export interface Declaration {
  /** What it calls itself, such as `RTMaps`: its faults and freeze frames carry it. */
  readonly runtime: string;
  readonly area?: DeclaredPlace;
  readonly components: readonly DeclaredPlace[];
  readonly apps: readonly DeclaredApp[];
}

/** How much one declaration may declare. Ports and faults are counted over all of its apps. */
export const DECLARATION_LIMITS = { components: 64, apps: 64, ports: 256, faults: 64, textLength: 256 } as const;
