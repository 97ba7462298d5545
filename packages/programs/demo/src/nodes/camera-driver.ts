import { openLifecycleServer, type RosMessage } from '@medkit/ros2';
import type { Disc, Pose } from '../world/plane.ts';
import { FOCAL_PX, IMAGE_HEIGHT, IMAGE_WIDTH, renderView } from './camera-view.ts';
import { DemoNode, type NodeEdges, SENSOR_QOS } from './demo-node.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { parameter, requestedValue } from './parameter.ts';

const FRAME_RATE_HZ = parameter('double', 'frame_rate_hz', 5, {
  description: 'Images per second',
  floatRange: { from: 1, to: 10, step: 0 },
});
const ROI = parameter('int_array', 'roi', [0n, 0n, BigInt(IMAGE_WIDTH), BigInt(IMAGE_HEIGHT)], {
  description: 'Region of interest in /camera/camera_info: x, y, width and height in pixels',
  additionalConstraints: 'within the image',
});

function roiProblem(roi: readonly bigint[]): string | undefined {
  if (roi.length !== 4) return `expected four numbers (x, y, width, height), not ${roi.length}`;
  const [x, y, width, height] = roi.map(Number);
  const within = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= IMAGE_WIDTH && y + height <= IMAGE_HEIGHT;
  return within ? undefined : `the region must be within ${IMAGE_WIDTH} x ${IMAGE_HEIGHT} pixels`;
}

/** Pose of the camera and people around it. */
export interface CameraScene {
  readonly camera: Pose;
  readonly people: readonly Disc[];
}

export interface CameraEdges extends NodeEdges {
  readonly scene: () => CameraScene;
}

function imageOf({ camera, people }: CameraScene, header: RosMessage): RosMessage {
  const data = new Uint8Array(IMAGE_WIDTH * IMAGE_HEIGHT * 3);
  renderView(camera, people, data);
  return {
    header,
    height: IMAGE_HEIGHT,
    width: IMAGE_WIDTH,
    encoding: 'rgb8',
    is_bigendian: 0,
    step: IMAGE_WIDTH * 3,
    data,
  };
}

function infoOf(header: RosMessage, roi: readonly bigint[]): RosMessage {
  const [x_offset, y_offset, width, height] = roi.map(Number);
  return {
    header,
    height: IMAGE_HEIGHT,
    width: IMAGE_WIDTH,
    distortion_model: 'plumb_bob',
    d: new Float64Array(5),
    k: Float64Array.of(FOCAL_PX, 0, IMAGE_WIDTH / 2, 0, FOCAL_PX, IMAGE_HEIGHT / 2, 0, 0, 1),
    r: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    p: Float64Array.of(FOCAL_PX, 0, IMAGE_WIDTH / 2, 0, 0, FOCAL_PX, IMAGE_HEIGHT / 2, 0, 0, 0, 1, 0),
    roi: { x_offset, y_offset, width, height, do_rectify: false },
  };
}

/**
 * The camera at the robot's front, a managed node that starts active. While active, it publishes /camera/image_raw (0.9 MB each)
 * and /camera/camera_info at 5 Hz.
 */
export async function openCameraDriver(edges: CameraEdges): Promise<DemoNode> {
  const node = await DemoNode.open(edges, {
    name: 'camera_driver',
    namespace: '/perception',
    parameters: [FRAME_RATE_HZ, ROI],
    onSet(wanted) {
      const roi = requestedValue(wanted, ROI);
      return roi && roiProblem(roi);
    },
  });
  const lifecycle = node.adopt(
    await openLifecycleServer(node.ros, {
      clock: edges.clock,
      callbacks: {
        activate() {
          node.log('info', `Streaming ${IMAGE_WIDTH} x ${IMAGE_HEIGHT} at ${node.parameter(FRAME_RATE_HZ)} Hz`);
          return 'success';
        },
        deactivate() {
          node.log('info', 'No longer streaming');
          return 'success';
        },
      },
      onCallbackError: edges.onFailure,
    }),
  );
  const active = () => lifecycle.state === 'active';
  const periodMs = () => 1000 / node.parameter(FRAME_RATE_HZ);
  let frames = 0;
  const image = { name: '/camera/image_raw', type: 'sensor_msgs/msg/Image', qos: SENSOR_QOS };
  await node.publishEvery(periodMs, image, () => {
    if (!active()) return undefined;
    frames += 1;
    // Rendering takes most of the time of this process, and usually nothing subscribes.
    return () => imageOf(edges.scene(), node.header('camera'));
  });
  const info = { name: '/camera/camera_info', type: 'sensor_msgs/msg/CameraInfo', qos: SENSOR_QOS };
  await node.publishEvery(periodMs, info, () =>
    active() ? infoOf(node.header('camera'), node.parameter(ROI)) : undefined,
  );
  await publishDiagnostics(node, {
    name: 'camera_driver: frames',
    hardwareId: 'camera-front-0b7',
    diagnose: () => ({
      level: active() ? 'ok' : 'warn',
      message: active() ? 'Streaming' : `No images: the driver is ${lifecycle.state}`,
      values: { frames: String(frames), state: lifecycle.state },
    }),
  });
  await lifecycle.change('configure');
  await lifecycle.change('activate');
  return node;
}
