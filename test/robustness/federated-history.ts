import type { Step, Taken } from './race-steps.ts';

export const GATEWAYS = ['hall', 'yard', 'head'] as const;
export type GatewayName = (typeof GATEWAYS)[number];

/** Which gateways each gateway aggregates: the head both others, or the hall through the yard. */
export const SHAPES = {
  star: { hall: [], yard: [], head: ['hall', 'yard'] },
  chain: { hall: [], yard: ['hall'], head: ['yard'] },
} as const satisfies Readonly<Record<string, Readonly<Record<GatewayName, readonly GatewayName[]>>>>;
export type Shape = keyof typeof SHAPES;

/** Returns the gateways that one shows, with the route to each: empty for itself, `yard/hall` through another one. */
export function visibleFrom(at: GatewayName, shape: Shape): ReadonlyMap<GatewayName, string> {
  const peers: readonly GatewayName[] = SHAPES[shape][at];
  const behind = peers.flatMap((peer) =>
    [...visibleFrom(peer, shape)].map(([name, way]) => [name, way === '' ? peer : `${peer}/${way}`] as const),
  );
  return new Map([[at, ''], ...behind]);
}

/**
 * A fault change requested by a client. Each code belongs to one client, which does not reuse it after a missing
 * answer.
 */
export interface FaultChange {
  readonly gateway: GatewayName;
  readonly code: string;
  /** State of the fault afterwards: `CONFIRMED 3` by the third report of its code. */
  readonly leaves: string;
  readonly sentMs: number;
  readonly gotMs: number;
  /** Whether it was acknowledged. */
  readonly isDone: boolean;
}

/** A list of faults as returned by a gateway. */
export interface FaultList {
  readonly at: GatewayName;
  readonly sentMs: number;
  readonly gotMs: number;
  readonly items: readonly {
    readonly gateway: GatewayName;
    readonly code: string;
    readonly state: string;
    /** The gateway that made the copy, if the entry is a copy because its own gateway does not answer. */
    readonly copyOf: string | undefined;
  }[];
  /** Gateways reported as unresponsive, with all behind them. */
  readonly missing: readonly GatewayName[];
}

/** An event, with the number assigned by its own gateway. */
export interface StreamEvent {
  readonly gateway: GatewayName;
  readonly id: number;
  /** `fault_confirmed C1 CONFIRMED 3`. */
  readonly text: string;
}

/** A client that follows the stream of a gateway, and reconnects after each disconnect with what it has seen. */
export interface Follower {
  readonly name: string;
  readonly at: GatewayName;
  readonly received: readonly StreamEvent[];
  /** Lost events reported by its stream. */
  readonly losses: readonly string[];
}

/** Everything that clients requested and received in a storm, and the gateways' logs. */
export interface FederatedHistory {
  readonly shape: Shape;
  /** Requests for locks and locked resources, by the target gateway. */
  readonly steps: ReadonlyMap<GatewayName, readonly Step[]>;
  readonly taken: ReadonlyMap<GatewayName, readonly Taken[]>;
  readonly changes: readonly FaultChange[];
  readonly lists: readonly FaultList[];
  /** The event log of each gateway from its beginning. */
  readonly logs: ReadonlyMap<GatewayName, readonly StreamEvent[]>;
  readonly followers: readonly Follower[];
  /** Answers that do not match their request. */
  readonly oddities: readonly string[];
}
