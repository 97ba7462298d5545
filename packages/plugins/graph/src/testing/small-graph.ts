import type { App } from '@medkit/core';
import { DEFAULT_PROFILE, type Graph, type QosProfile, type RosEndpoint } from '@medkit/ros2';
import { PipelineTopology } from '../topology/pipeline-topology.ts';

/** Creates an app that is bound to the node `/<id>`. */
export function app(id: string, fields: Partial<App> = {}): App {
  return { kind: 'app', id, name: id, source: 'heuristic', online: true, node: `/${id}`, ...fields };
}

/** Creates an endpoint: `lidar > /scan` publishes, `/scan > planner` subscribes. The GID is the text itself. */
export function endpoint(text: string, qos: Partial<QosProfile> = {}, fields: Partial<RosEndpoint> = {}): RosEndpoint {
  const [from, to] = text.split(' > ');
  const publishes = to.startsWith('/');
  return {
    gid: text,
    role: publishes ? 'publisher' : 'subscription',
    name: publishes ? to : from,
    type: 'std_msgs/msg/String',
    typeHash: undefined,
    node: `/${publishes ? from : to}`,
    participant: 'p1',
    qos: { ...DEFAULT_PROFILE, ...qos },
    ...fields,
  };
}

export function graphOf(endpoints: readonly RosEndpoint[], generation = 1): Graph {
  return { generation, participants: [], nodes: [], endpoints };
}

export function topologyOf(...endpoints: readonly (string | RosEndpoint)[]): PipelineTopology {
  const topology = new PipelineTopology();
  topology.replace(graphOf(endpoints.map((each) => (typeof each === 'string' ? endpoint(each) : each))));
  return topology;
}
