import {
  type BrowsedNode,
  type ChangedValues,
  type EventSource,
  type PlcEvent,
  type PlcReading,
  PlcRefused,
  type PlcSession,
  type ReadCondition,
  type VariableFacts,
} from '@medkit/opcua';
import type { NamespaceTable } from './namespace-table.ts';

/** Status name in OPC UA of a node that the server does not have. */
const UNKNOWN = 'BadNodeIdUnknown';
const NOT_DESCRIBED: VariableFacts = { type: undefined, unit: undefined, isWritable: false };

/** Returns a session that uses the node ids of the node map and translates them for the server. */
export function translatedSession(session: PlcSession, table: NamespaceTable, nowNs: () => bigint): PlcSession {
  const idOf = (nodeId: string): string => {
    const translated = table.toServer(nodeId);
    if (translated !== undefined) return translated;
    throw new PlcRefused(`cannot use ${nodeId}: ${table.refusalOf(nodeId)}`, UNKNOWN);
  };
  const back = (answers: ReadonlyMap<string, string>, requested: ReadonlyMap<string, readonly string[]>) =>
    new Map(
      [...answers].flatMap(([id, answer]) => (requested.get(id) ?? [id]).map((nodeId) => [nodeId, answer] as const)),
    );
  /** Requests the nodes that the server has, and answers for the others. */
  const askAll = async <R>(
    nodeIds: readonly string[],
    ask: (ids: readonly string[]) => Promise<readonly R[]>,
    otherwise: () => R,
  ): Promise<readonly R[]> => {
    const ids = nodeIds.map((nodeId) => table.toServer(nodeId));
    const answers = (await ask(ids.filter((id) => id !== undefined))).values();
    return ids.map((id) => (id === undefined ? otherwise() : (answers.next().value as R)));
  };
  const unread = (): PlcReading => ({
    ...{ value: undefined, quality: 'bad', status: UNKNOWN, sourceTimeNs: undefined },
    receivedNs: nowNs(),
  });
  return {
    server: session.server,
    namespaces: () => session.namespaces(),
    read: (nodeIds) => askAll(nodeIds, (ids) => session.read(ids), unread),
    write: async (nodeId, value) => session.write(idOf(nodeId), value),
    watch: async (nodeIds, intervalMs, onValues) => {
      const { requested, refused } = split(nodeIds, table);
      const original = (values: ChangedValues): ChangedValues =>
        values.flatMap(([id, reading]) => (requested.get(id) ?? [id]).map((nodeId) => [nodeId, reading] as const));
      const answers = await session.watch([...requested.keys()], intervalMs, (values) => onValues(original(values)));
      return new Map([...refused, ...back(answers, requested)]);
    },
    watchEvents: async (sources, onEvent) => {
      const { requested, refused } = split(
        sources.map(({ notifier }) => notifier),
        table,
      );
      const sourceOf = new Map(sources.map((source) => [source.notifier, source]));
      const wanted = [...requested].map(([id, [notifier = '']]) => sourceAtServer(sourceOf.get(notifier)!, id, table));
      const answers = await session.watchEvents(wanted, (event) => onEvent(eventInMap(event, table, sourceOf)));
      return new Map([...refused, ...back(answers, requested)]);
    },
    refreshConditions: () => session.refreshConditions(),
    readConditions: async (source) => {
      const sourceOf = new Map([[source.notifier, source]]);
      const read = await session.readConditions(sourceAtServer(source, idOf(source.notifier), table));
      return read.map((condition) => eventInMap(condition, table, sourceOf));
    },
    acknowledge: async (conditionId, eventId, comment) => session.acknowledge(idOf(conditionId), eventId, comment),
    confirm: async (conditionId, eventId, comment) => session.confirm(idOf(conditionId), eventId, comment),
    browse: async (nodeId, limit) => {
      const found = await session.browse(idOf(nodeId), limit);
      return found.map((node): BrowsedNode => {
        const namespace = table.indexInMap(Number(/^ns=(\d+);/.exec(node.nodeId)?.[1] ?? 0));
        return { ...node, nodeId: table.fromServer(node.nodeId), namespace };
      });
    },
    describe: (nodeIds) =>
      askAll(
        nodeIds,
        (ids) => session.describe(ids),
        () => NOT_DESCRIBED,
      ),
    describeMethod: async (methodId) => session.describeMethod(idOf(methodId)),
    call: async (objectId, methodId, input) => session.call(idOf(objectId), idOf(methodId), input),
    readNameplate: () => session.readNameplate(),
    close: () => session.close(),
  };
}

/** Separates node ids into translated ids and refused ones with the reason. */
function split(nodeIds: readonly string[], table: NamespaceTable) {
  const requested = new Map<string, readonly string[]>();
  const refused = new Map<string, string>();
  for (const nodeId of nodeIds) {
    const id = table.toServer(nodeId);
    if (id === undefined) refused.set(nodeId, table.refusalOf(nodeId));
    else requested.set(id, [...(requested.get(id) ?? []), nodeId]);
  }
  return { requested, refused };
}

function sourceAtServer({ associatedValues }: EventSource, notifier: string, table: NamespaceTable): EventSource {
  return { notifier, associatedValues: associatedValues.flatMap((name) => fieldAtServer(name, table) ?? []) };
}

/** Translates `2:SD_1/3:Low` to the server's indexes; `undefined` if it lacks a namespace. */
function fieldAtServer(field: string, table: NamespaceTable): string | undefined {
  let isKnown = true;
  const translated = field.replace(/(^|\/)(\d{1,5}):/g, (_, before: string, index: string) => {
    const namespace = table.indexAtServer(Number(index));
    isKnown &&= namespace !== undefined;
    return `${before}${namespace}:`;
  });
  return isKnown ? translated : undefined;
}

function eventInMap<E extends PlcEvent | ReadCondition>(
  event: E,
  table: NamespaceTable,
  sourceOf: ReadonlyMap<string, EventSource>,
): E {
  const notifier = table.fromServer(event.notifier);
  const fields = (sourceOf.get(notifier)?.associatedValues ?? []).flatMap((field) => {
    const value = event.associated.get(fieldAtServer(field, table) ?? '');
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...event,
    notifier,
    conditionId: event.conditionId && table.fromServer(event.conditionId),
    sourceNode: table.fromServer(event.sourceNode),
    eventType: table.fromServer(event.eventType),
    associated: new Map(fields),
  };
}
