/** The route of a robot: nodes and the edges between them. */
export interface Order {
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
}

export interface OrderNode {
  readonly nodeId: string;
  /** Even, because nodes and edges share one counter. */
  readonly sequenceId: number;
  readonly released: boolean;
  readonly position?: { readonly mapId: string; readonly x: number; readonly y: number };
}

export interface OrderEdge {
  readonly edgeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
  /** Absent in 3.0.0 messages: derived from the nodes before and after it by `sequenceId`. */
  readonly startNodeId: string;
  readonly endNodeId: string;
}

/** An action that a robot executes immediately. */
export interface InstantAction {
  readonly actionId: string;
  readonly actionType: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}
