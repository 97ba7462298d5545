import { errorMessage, type Log } from '@medkit/core';
import { PlcRefused, type PlcSession, type VariableFacts } from '@medkit/opcua';
import { inBatches } from '../node-map/in-batches.ts';
import type { MappedNode, NodeMap } from '../node-map/node-map.ts';

/** Nodes per request. */
const BATCH = 250;

/**
 * Adds the PLC's value ranges, which narrow those of the map, and the names of its enumerations to a node map. Rejects
 * if the session is lost.
 */
export async function describeMap(session: Pick<PlcSession, 'describe'>, map: NodeMap, log: Log): Promise<NodeMap> {
  const numeric = map.nodes.filter(({ type }) => type === 'int' || type === 'float');
  const facts = new Map<string, VariableFacts>();
  for (const batch of inBatches(numeric, BATCH)) {
    try {
      const described = await session.describe(batch.map(({ nodeId }) => nodeId));
      for (const [at, { nodeId }] of batch.entries()) if (described[at]) facts.set(nodeId, described[at]);
    } catch (error) {
      if (!(error instanceof PlcRefused)) throw error;
      log('warn', `cannot read the ranges of ${batch.length} values: ${errorMessage(error)}`);
    }
  }
  return { ...map, nodes: map.nodes.map((node) => narrowed(node, facts.get(node.nodeId))) };
}

function narrowed(node: MappedNode, facts: VariableFacts | undefined): MappedNode {
  const { range, names } = facts ?? {};
  return {
    ...node,
    ...(range && {
      min: Math.max(node.min ?? range.low, range.low),
      max: Math.min(node.max ?? range.high, range.high),
    }),
    ...(names && { names }),
  };
}
