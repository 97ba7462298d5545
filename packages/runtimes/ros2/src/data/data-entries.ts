import type { DataChannel, DataEntry } from '@medkit/core';
import type { RosEndpoint } from '@medkit/ros2';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';
import type { GraphView } from '../graph/graph-view.ts';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import type { TypeInfos } from './type-infos.ts';

/**
 * Returns the topics that a node publishes or subscribes to, ordered by name; for the host, topics that belong to no
 * node.
 */
export async function dataEntries(
  view: GraphView,
  typeInfos: TypeInfos,
  nativeId: string,
): Promise<readonly DataEntry[]> {
  const entries: DataEntry[] = [];
  for (const use of usesOf(endpointsOf(view, nativeId))) {
    const type = typeOf(use) ?? '';
    const [pkg = '', ...rest] = type.split('/');
    const pending = typeInfos.of(type);
    // Awaits only types that were never requested, so that listing a large graph again needs no extra turn of the event
    // loop.
    const typeInfo = pending instanceof Promise ? await pending : pending;
    const used = { direction: directionOf(use), ...(type && { type }) };
    entries.push({
      id: use.topic,
      name: use.topic,
      category: 'currentData',
      ...(rest.length > 0 && { group: pkg }),
      channel: { name: use.topic, ...used },
      terms: { ros2: { topic: use.topic, ...used } },
      ...(typeInfo && { typeInfo }),
    });
  }
  return entries;
}

/** Returns the publishers and subscriptions of a node; for the host, those that belong to no node. */
export function endpointsOf(view: GraphView, nativeId: string): Iterable<RosEndpoint> {
  return nativeId === HOST_NATIVE_ID ? view.endpointsWithoutNode() : view.endpointsOf(nativeId);
}

function usesOf(endpoints: Iterable<RosEndpoint>): readonly TopicUse[] {
  return [...Map.groupBy(endpoints, ({ name }) => name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, users]) => ({
      topic,
      publishers: users.filter(({ role }) => role === 'publisher'),
      subscriptions: users.filter(({ role }) => role === 'subscription'),
    }));
}

function directionOf({ publishers, subscriptions }: TopicUse): DataChannel['direction'] {
  if (publishers.length === 0) return 'subscribe';
  return subscriptions.length === 0 ? 'publish' : 'both';
}
