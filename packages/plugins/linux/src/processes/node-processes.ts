import type { RosAccess } from '@medkit/plugin';
import type { ProcessRef } from '../proc/proc-folder.ts';
import { type AnnouncedProcess, resolveProcess } from './announced-process.ts';
import { likelyNodeOf, nodesOf } from './command-line.ts';
import type { ListedProcess, ProcessTable } from './process-table.ts';

type Graph = Awaited<ReturnType<RosAccess['graph']>>;
type GraphOfNodes = Pick<Graph, 'nodes' | 'participants'>;

/**
 * Returns the process of every node that identifies its process, by FQN: by a name on its command line, otherwise by
 * the announcement of its participant, which also finds composed nodes.
 */
export function nodeProcesses(
  table: ProcessTable,
  graph: GraphOfNodes,
  localHostname: string,
): ReadonlyMap<string, ProcessRef> {
  return new Map([...byParticipant(table, graph, localHostname), ...byCommandLine(table)]);
}

/** Returns the likely process of a node, by FQN: the only process whose program has the name of the node. */
export function likelyProcesses(table: ProcessTable): ReadonlyMap<string, ProcessRef> {
  const found = new Map<string, ListedProcess>();
  const several = new Set<string>();
  for (const process of table.values()) {
    const fqn = likelyNodeOf(process.args);
    if (fqn === undefined) continue;
    if (found.has(fqn)) several.add(fqn);
    else found.set(fqn, process);
  }
  for (const fqn of several) found.delete(fqn);
  return found;
}

/** If several processes give a node the same name, the one started last is used: the others are about to end. */
function byCommandLine(table: ProcessTable): ReadonlyMap<string, ListedProcess> {
  const found = new Map<string, ListedProcess>();
  for (const process of table.values()) {
    for (const fqn of nodesOf(process.args)) {
      const other = found.get(fqn);
      if (!other || other.startTicks <= process.startTicks) found.set(fqn, process);
    }
  }
  return found;
}

function byParticipant(
  table: ProcessTable,
  { nodes, participants }: GraphOfNodes,
  localHostname: string,
): ReadonlyMap<string, ListedProcess> {
  const announced = new Map<string, AnnouncedProcess>();
  for (const { guidPrefix, process } of participants) if (process) announced.set(guidPrefix, process);
  const found = new Map<string, ListedProcess>();
  for (const node of nodes) {
    for (const participant of node.participants) {
      const said = announced.get(participant);
      const process = said && resolveProcess(said, table, localHostname);
      if (process) found.set(node.fqn, process);
    }
  }
  return found;
}
