import { systemClock } from '@medkit/edges/node';
import { type CameraScene, openCameraDriver } from '../nodes/camera-driver.ts';
import { lidarOf, peopleAround, ROBOT_AT_START } from '../robot/robot.ts';
import { joinDomain } from './join-domain.ts';

export interface CameraProgram {
  readonly onFailure: (where: string, error: unknown) => void;
  /** Resources that are closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Starts the camera. The robot's process sends it the scene. */
export async function runCamera({ onFailure, resources }: CameraProgram): Promise<void> {
  let scene: CameraScene = { camera: lidarOf(ROBOT_AT_START), people: peopleAround(ROBOT_AT_START) };
  // The scene comes over IPC: the graph of a real robot does not contain it.
  process.on('message', (update: CameraScene) => {
    scene = update;
  });
  const adapter = await joinDomain();
  resources.defer(() => adapter.close());
  const node = await openCameraDriver({ adapter, clock: systemClock, onFailure, scene: () => scene });
  resources.defer(() => node.close());
}
