import { drawWarehouse } from '../world/occupancy-grid.ts';
import { DemoNode, LATCHED_QOS } from './demo-node.ts';
import { poseMessage } from './messages.ts';
import type { RobotView } from './robot-view.ts';

const RESOLUTION_M = 0.1;

/** The map of the warehouse: /map, published once and kept for those who come later. */
export async function openMapServer(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'map_server', namespace: '/navigation' });
  const map = { name: '/map', type: 'nav_msgs/msg/OccupancyGrid', qos: LATCHED_QOS };
  const { resolutionM, width, height, cells } = drawWarehouse(RESOLUTION_M);
  (await node.publisher(map))({
    header: node.header('map'),
    info: {
      map_load_time: node.stamp(),
      resolution: resolutionM,
      width,
      height,
      origin: poseMessage({ x: 0, y: 0, yaw: 0 }),
    },
    data: cells,
  });
  node.log('info', `Read map: ${width} x ${height} cells of ${resolutionM} m`);
  return node;
}
