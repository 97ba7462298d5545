import type { BoundNodes } from '@medkit/manifest';

/** Maximum apps whose nodes are stored: a manifest has at most some thousand. */
const MAX_BOUND = 10_000;

/** Bindings of declared apps to nodes, stored across restarts of the gateway. */
export interface StoredNodes extends BoundNodes {
  /** Ends the wait for the previous nodes: from now on an app may be bound to another matching node. */
  stopWaiting(): void;
  /** All rows to store. */
  rows(): Readonly<Record<string, string>>;
}

/** @param stored the rows before the restart, not yet validated */
export function storedNodes(stored: unknown, changed: () => void): StoredNodes {
  const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
  const nodes = new Map(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string').slice(0, MAX_BOUND),
  );
  const before = new Map(nodes);
  const idsBefore = Map.groupBy(before.keys(), (appId) => before.get(appId) ?? '');
  let isWaiting = before.size > 0;
  return {
    get waitedFor() {
      return isWaiting ? (appId: string) => before.get(appId) : undefined;
    },
    bind: (appId, node) => {
      if (nodes.get(appId) === node) return;
      nodes.delete(appId);
      nodes.set(appId, node);
      const [oldest = ''] = nodes.keys();
      if (nodes.size > MAX_BOUND) nodes.delete(oldest);
      changed();
    },
    idsBefore: (node) => idsBefore.get(node) ?? [],
    stopWaiting: () => {
      isWaiting = false;
    },
    rows: () => Object.fromEntries(nodes),
  };
}
