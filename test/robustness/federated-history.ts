import type { Step, Taken } from './race-steps.ts';

export const GATEWAYS = ['hall', 'yard', 'head'] as const;
export type GatewayName = (typeof GATEWAYS)[number];

/** Which gateways each of them shows: the head both others, or the hall by way of the yard. */
export const SHAPES = {
  star: { hall: [], yard: [], head: ['hall', 'yard'] },
  chain: { hall: [], yard: ['hall'], head: ['yard'] },
} as const satisfies Readonly<Record<string, Readonly<Record<GatewayName, readonly GatewayName[]>>>>;
export type Shape = keyof typeof SHAPES;

/** The gateways that one shows, with the way to each: its own is empty, `yard/hall` is behind another one. */
export function shownBy(at: GatewayName, shape: Shape): ReadonlyMap<GatewayName, string> {
  const peers: readonly GatewayName[] = SHAPES[shape][at];
  const behind = peers.flatMap((peer) =>
    [...shownBy(peer, shape)].map(([name, way]) => [name, way === '' ? peer : `${peer}/${way}`] as const),
  );
  return new Map([[at, ''], ...behind]);
}

/** A change of a fault that a client asked for. Each code is one client's, and left alone once no answer came. */
export interface FaultChange {
  readonly gateway: GatewayName;
  readonly code: string;
  /** What the fault is then: `CONFIRMED 3` by the third report of its code. */
  readonly leaves: string;
  readonly sentMs: number;
  readonly gotMs: number;
  /** Whether it was acknowledged. */
  readonly isDone: boolean;
}

/** A list of faults as a gateway gave it. */
export interface FaultList {
  readonly at: GatewayName;
  readonly sentMs: number;
  readonly gotMs: number;
  readonly items: readonly {
    readonly gateway: GatewayName;
    readonly code: string;
    readonly state: string;
    /** By way of whom it came, where it is as it was copied there while its gateway does not answer. */
    readonly copyOf: string | undefined;
  }[];
  /** Gateways that it says did not answer, with all that are behind them. */
  readonly missing: readonly GatewayName[];
}

/** An event, by the number that its own gateway gave it. */
export interface ToldEvent {
  readonly gateway: GatewayName;
  readonly id: number;
  /** `fault_confirmed C1 CONFIRMED 3`. */
  readonly text: string;
}

/** A client that follows the stream of a gateway, and comes again with what it has seen after every cut. */
export interface Follower {
  readonly name: string;
  readonly at: GatewayName;
  readonly heard: readonly ToldEvent[];
  /** What its stream said of events that are lost. */
  readonly losses: readonly string[];
}

/** All that clients asked, were answered and were told in a storm, and what the gateways have written down. */
export interface FederatedHistory {
  readonly shape: Shape;
  /** Requests about locks and what they close, by the gateway that they are for. */
  readonly steps: ReadonlyMap<GatewayName, readonly Step[]>;
  readonly taken: ReadonlyMap<GatewayName, readonly Taken[]>;
  readonly changes: readonly FaultChange[];
  readonly lists: readonly FaultList[];
  /** The own log of each gateway from its begin. */
  readonly logs: ReadonlyMap<GatewayName, readonly ToldEvent[]>;
  readonly followers: readonly Follower[];
  /** Answers that are none to what was asked. */
  readonly oddities: readonly string[];
}
