import { openLifecycleServer, type RosMessage } from '@medkit/ros2';
import { drawWarehouse } from '../world/occupancy-grid.ts';
import { DemoNode, LATCHED_QOS } from './demo-node.ts';
import { poseMessage } from './messages.ts';
import { parameter } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

export const MAP_SERVER = '/navigation/map_server';

const RESOLUTION_M = parameter('double', 'resolution', 0.1, {
  description: 'Cell size in metres',
  additionalConstraints: 'applied when the node is configured',
  floatRange: { from: 0.05, to: 1, step: 0.05 },
});
const FRAME_ID = parameter('string', 'frame_id', 'map', {
  description: 'Frame of the map',
  additionalConstraints: 'applied when the node is configured',
});
const YAML_FILENAME = parameter('string', 'yaml_filename', 'warehouse.yaml', {
  description: 'File that the map is loaded from',
  readOnly: true,
});

function loadMap(node: DemoNode): RosMessage {
  const { resolutionM, width, height, cells } = drawWarehouse(node.parameter(RESOLUTION_M));
  node.log('info', `Read map: ${width} x ${height} cells of ${resolutionM} m`);
  return {
    header: node.header(node.parameter(FRAME_ID)),
    info: {
      map_load_time: node.stamp(),
      resolution: resolutionM,
      width,
      height,
      origin: poseMessage({ x: 0, y: 0, yaw: 0 }),
    },
    data: cells,
  };
}

/**
 * The map of the warehouse, a managed node: reads the map when configured, publishes it latched on /map when activated, and offers
 * it as a service while active.
 */
export async function openMapServer(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'map_server',
    namespace: '/navigation',
    parameters: [RESOLUTION_M, FRAME_ID, YAML_FILENAME],
  });
  const publish = await node.publisher({ name: '/map', type: 'nav_msgs/msg/OccupancyGrid', qos: LATCHED_QOS });
  let map: RosMessage = {};
  const lifecycle = node.adopt(
    await openLifecycleServer(node.ros, {
      clock: view.clock,
      callbacks: {
        configure() {
          map = loadMap(node);
          return 'success';
        },
        activate() {
          publish(map);
          return 'success';
        },
        cleanup() {
          map = {};
          return 'success';
        },
      },
      onCallbackError: view.onFailure,
    }),
  );
  await node.service('map', 'nav_msgs/srv/GetMap', () => {
    if (lifecycle.state === 'active') return { map };
    node.log('warn', `Map requested while the node is ${lifecycle.state}: the reply is empty`);
    return { map: {} };
  });
  return node;
}
