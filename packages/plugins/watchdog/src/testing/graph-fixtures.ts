import { splitNodeName } from '@medkit/core/discovery';
import { DEFAULT_PROFILE, type GraphDiff, type QosProfile, type RosEndpoint, type RosNode } from '@medkit/ros2';
import type { TopicEndpoints } from '../graph/topic-table.ts';

let lastGid = 0;

/** Creates an endpoint with the fields that matter to a test. */
export function endpoint(
  fields: Partial<Omit<RosEndpoint, 'qos'>> & { readonly qos?: Partial<QosProfile> },
): RosEndpoint {
  return {
    gid: `gid${++lastGid}`,
    role: 'publisher',
    name: '/scan',
    type: 'std_msgs/msg/String',
    typeHash: undefined,
    node: undefined,
    participant: 'p1',
    ...fields,
    qos: { ...DEFAULT_PROFILE, ...fields.qos },
  };
}

/** Creates a topic with a publisher per offered QoS and a subscription per requested QoS. */
export function topic(
  name: string,
  {
    offers = [],
    requests = [],
    type = 'std_msgs/msg/String',
  }: {
    readonly offers?: readonly Partial<QosProfile>[];
    readonly requests?: readonly Partial<QosProfile>[];
    readonly type?: string;
  },
): TopicEndpoints {
  const ends = (role: 'publisher' | 'subscription', all: readonly Partial<QosProfile>[]) =>
    new Map(
      all.map((qos, at) => {
        const end = endpoint({ role, name, type, qos, node: `/${role}_${at + 1}` });
        return [end.gid, end];
      }),
    );
  return { name, publishers: ends('publisher', offers), subscriptions: ends('subscription', requests) };
}

export function node(fqn: string, participants: readonly string[] = ['p1']): RosNode {
  return { fqn, ...splitNodeName(fqn), participants };
}

interface Change {
  readonly nodes?: readonly RosNode[];
  readonly endpoints?: readonly RosEndpoint[];
  readonly gone?: readonly string[];
  readonly goneEndpoints?: readonly string[];
  /** GUID prefixes of participants that fell silent, and of those that unregistered. */
  readonly lost?: readonly string[];
  readonly left?: readonly string[];
}

/** Creates a graph change. */
export function change({
  nodes = [],
  endpoints = [],
  gone = [],
  goneEndpoints = [],
  lost = [],
  left = [],
}: Change): GraphDiff {
  return {
    generation: 1,
    nodes: { added: nodes, removed: gone },
    endpoints: { added: endpoints, removed: goneEndpoints },
    participants: { added: [], removed: [...lost, ...left], ...(lost.length > 0 && { lost }) },
  };
}
