/** Where a robot is to go: nodes, and the edges between them. */
export interface Order {
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
}

export interface OrderNode {
  readonly nodeId: string;
  /** Even: nodes and edges are counted together. */
  readonly sequenceId: number;
  readonly released: boolean;
  readonly position?: { readonly mapId: string; readonly x: number; readonly y: number };
}

export interface OrderEdge {
  readonly edgeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
  /** 3.0.0 has none: they are the nodes before and behind it by `sequenceId`. */
  readonly startNodeId: string;
  readonly endNodeId: string;
}

/** Something that a robot is to do at once. */
export interface InstantAction {
  readonly actionId: string;
  readonly actionType: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}
