/** How a PLC is searched for what it shows. */
export interface AutoBrowse {
  /** Where the walk begins, in the canonical form of node ids. */
  readonly rootNodes: readonly string[];
  /** Levels below those. */
  readonly maxDepth: number;
  /** Nodes that are looked at. */
  readonly maxNodes: number;
  /** Indices of the namespaces that are looked at; where it is empty, all but those denied. */
  readonly namespaceAllow: readonly number[];
  readonly namespaceDeny: readonly number[];
  /** Whether variables are read once, and those left out that cannot be. */
  readonly readInitialValues: boolean;
  /** Whether what the server lets us write can be written. */
  readonly inferWritable: boolean;
}

/** The folder `Objects` (OPC 10000-5, 8.2.4), the server's own nodes left out, and nothing that can be written. */
export const DEFAULT_AUTO_BROWSE: AutoBrowse = {
  rootNodes: ['i=85'],
  maxDepth: 8,
  maxNodes: 5000,
  namespaceAllow: [],
  namespaceDeny: [0],
  readInitialValues: true,
  inferWritable: false,
};
