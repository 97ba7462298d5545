/** Settings for browsing a PLC. */
export interface AutoBrowse {
  /** Starting nodes, as canonical node ids. */
  readonly rootNodes: readonly string[];
  /** Maximum levels below the starting nodes. */
  readonly maxDepth: number;
  /** Maximum browsed nodes. */
  readonly maxNodes: number;
  /** Indexes of the namespaces to browse; if empty, all except the denied ones. */
  readonly namespaceAllow: readonly number[];
  readonly namespaceDeny: readonly number[];
  /** Whether to read variables once and to omit unreadable ones. */
  readonly readInitialValues: boolean;
  /** Whether variables that the server allows to write are writable. */
  readonly inferWritable: boolean;
}

/** The folder `Objects` (OPC 10000-5, 8.2.4), without the server's standard nodes and without writable variables. */
export const DEFAULT_AUTO_BROWSE: AutoBrowse = {
  rootNodes: ['i=85'],
  maxDepth: 8,
  maxNodes: 5000,
  namespaceAllow: [],
  namespaceDeny: [0],
  readInitialValues: true,
  inferWritable: false,
};
