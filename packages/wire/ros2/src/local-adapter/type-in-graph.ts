import { TopicTypeUnknown } from '../errors.ts';
import type { Graph } from '../graph.ts';

/** Returns the type of a topic in the graph: of a publisher, otherwise of a subscription. Throws `TopicTypeUnknown`. */
export function topicType({ endpoints }: Graph, topic: string): string {
  const ends = endpoints.filter(({ name }) => name === topic);
  const found = ends.find(({ role }) => role === 'publisher') ?? ends.find(({ role }) => role === 'subscription');
  if (!found) throw new TopicTypeUnknown(`no node publishes or subscribes to ${topic}, so its type must be specified`);
  return found.type;
}

/** Returns the type of a service in the graph, from a server. Throws `TopicTypeUnknown`. */
export function serviceType({ endpoints }: Graph, service: string): string {
  const server = endpoints.find(({ role, name }) => role === 'service' && name === service);
  if (!server) throw new TopicTypeUnknown(`no node offers ${service}, so its type must be specified`);
  return server.type;
}
