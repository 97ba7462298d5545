import { systemClock } from '@medkit/edges/node';
import { type CameraScene, openCameraDriver } from '../nodes/camera-driver.ts';
import { lidarOf, peopleAround, ROBOT_AT_START } from '../robot/robot.ts';
import { joinDomain } from './join-domain.ts';

export interface CameraProgram {
  readonly onFailure: (where: string, error: unknown) => void;
  /** Takes what is to be closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Brings the camera up, which sees what the robot's process says. */
export async function runCamera({ onFailure, resources }: CameraProgram): Promise<void> {
  let scene: CameraScene = { camera: lidarOf(ROBOT_AT_START), people: peopleAround(ROBOT_AT_START) };
  // The camera has no other way to know where it is: nothing in the graph of a real robot would tell it.
  process.on('message', (update: CameraScene) => {
    scene = update;
  });
  const adapter = await joinDomain();
  resources.defer(() => adapter.close());
  const node = await openCameraDriver({ adapter, clock: systemClock, onFailure, scene: () => scene });
  resources.defer(() => node.close());
}
