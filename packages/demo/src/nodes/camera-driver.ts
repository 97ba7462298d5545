import type { Disc, Pose } from '../world/plane.ts';
import { FOCAL_PX, IMAGE_HEIGHT, IMAGE_WIDTH, renderView } from './camera-view.ts';
import { DemoNode, type NodeEdges, SENSOR_QOS } from './demo-node.ts';
import { publishDiagnostics } from './diagnostics.ts';

const PERIOD_MS = 200;

/** Where the camera is and who stands around it. */
export interface CameraScene {
  readonly camera: Pose;
  readonly people: readonly Disc[];
}

export interface CameraEdges extends NodeEdges {
  readonly scene: () => CameraScene;
}

/** The camera at the robot's front: /camera/image_raw (0.9 MB each) and /camera/camera_info at 5 Hz. */
export async function openCameraDriver(edges: CameraEdges): Promise<DemoNode> {
  const node = await DemoNode.open(edges, { name: 'camera_driver', namespace: '/perception' });
  let frames = 0;
  const image = { name: '/camera/image_raw', type: 'sensor_msgs/msg/Image', qos: SENSOR_QOS };
  await node.publishEvery(PERIOD_MS, image, () => {
    const { camera, people } = edges.scene();
    const data = new Uint8Array(IMAGE_WIDTH * IMAGE_HEIGHT * 3);
    renderView(camera, people, data);
    frames += 1;
    return {
      header: node.header('camera'),
      height: IMAGE_HEIGHT,
      width: IMAGE_WIDTH,
      encoding: 'rgb8',
      is_bigendian: 0,
      step: IMAGE_WIDTH * 3,
      data,
    };
  });
  const info = { name: '/camera/camera_info', type: 'sensor_msgs/msg/CameraInfo', qos: SENSOR_QOS };
  await node.publishEvery(PERIOD_MS, info, () => ({
    header: node.header('camera'),
    height: IMAGE_HEIGHT,
    width: IMAGE_WIDTH,
    distortion_model: 'plumb_bob',
    d: new Float64Array(5),
    k: Float64Array.of(FOCAL_PX, 0, IMAGE_WIDTH / 2, 0, FOCAL_PX, IMAGE_HEIGHT / 2, 0, 0, 1),
    r: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    p: Float64Array.of(FOCAL_PX, 0, IMAGE_WIDTH / 2, 0, 0, FOCAL_PX, IMAGE_HEIGHT / 2, 0, 0, 0, 1, 0),
  }));
  await publishDiagnostics(node, {
    name: 'camera_driver: frames',
    hardwareId: 'camera-front-0b7',
    diagnose: () => ({ level: 'ok', message: 'Streaming', values: { frames: String(frames) } }),
  });
  node.log('info', `Streaming ${IMAGE_WIDTH} x ${IMAGE_HEIGHT} at ${1000 / PERIOD_MS} Hz`);
  return node;
}
