import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { openControlServer } from '../control/control-server.ts';
import type { ControlReply, ControlRequest } from '../control/protocol.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import type { DemoNode } from '../nodes/demo-node.ts';
import { openRobotNodes } from '../nodes/robot-nodes.ts';
import { ROBOT_STATE_PUBLISHER } from '../nodes/robot-state-publisher.ts';
import { viewOf } from '../nodes/robot-view.ts';
import { openWebhookReceiver, type ReceiverAddress } from '../receiver/webhook-receiver.ts';
import { RunningRobot } from '../robot/running-robot.ts';
import { SCENARIOS, type Stage, scenarioStates } from '../scenarios/scenarios.ts';
import type { RunningStation } from '../station/station.ts';
import { CameraProcess } from './camera-process.ts';
import { joinDomain } from './join-domain.ts';

export interface RobotSettings {
  readonly domainId: number;
  readonly seed: number;
  /** Whether a safety gate controls the base. */
  readonly gated: boolean;
  /** Port of the PLC of a filling station; undefined without one. */
  readonly plcPort: number | undefined;
  readonly onFailure: (where: string, error: unknown) => void;
  /** Called with the part that is being started. */
  readonly onStarting: (part: string) => void;
  /** Resources that are closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Starts the robot: control socket, webhook receiver, nodes, camera. Returns the address of the receiver. */
export async function runRobot(settings: RobotSettings): Promise<ReceiverAddress> {
  const { domainId, seed, gated, plcPort, onFailure, onStarting, resources } = settings;
  const clock = systemClock;
  const robot = new RunningRobot({ clock, gated });
  const camera = new CameraProcess({ clock, scene: () => robot.scene, onFailure });
  let nodes: readonly DemoNode[] = [];
  const hangingNode = () => nodes.find(({ fqn }) => fqn === ROBOT_STATE_PUBLISHER);
  const receiver = await openWebhookReceiver(clock);
  resources.defer(() => receiver.close());
  let station: RunningStation | undefined;
  const stage: Stage = {
    get station() {
      return station;
    },
    get conditions() {
      return robot.conditions;
    },
    get cameraRuns() {
      return camera.runs;
    },
    change: (conditions) => robot.change(conditions),
    killCamera: () => camera.kill(),
    startCamera: () => camera.start(),
    get nodeHangs() {
      return hangingNode()?.hangs ?? false;
    },
    hangNode: (hangs) => hangingNode()?.hang(hangs),
  };
  const answer = async (request: ControlRequest): Promise<ControlReply> => {
    if (request.command !== 'status') {
      for (const name of request.scenarios) await SCENARIOS[name][request.command](stage);
    }
    return { ok: true, domainId, scenarios: scenarioStates(stage), receiver: receiver.url };
  };
  // Fails for a second demo before it joins the domain.
  const control = await openControlServer(controlSocketPath(process.env, domainId), answer);
  resources.defer(() => control.close());
  resources.defer(() => camera.stop());
  if (plcPort !== undefined) {
    onStarting('the PLC of the filling station');
    const { openStation } = await import('../station/station.ts');
    station = await openStation({ port: plcPort, onRelease: (released) => robot.change({ released }) });
    const opened = station;
    resources.defer(() => opened.close());
  }
  const joining = joinDomain().then((adapter) => {
    resources.defer(() => adapter.close());
    return adapter;
  });
  onStarting('its camera, and the DDS domain');
  const [adapter] = await Promise.all([joining, camera.start()]);
  onStarting('its nodes');
  nodes = await openRobotNodes(viewOf(robot, { adapter, clock, random: seededRandom(seed), onFailure }));
  resources.defer(async () => {
    robot.stop();
    await Promise.all(nodes.map((node) => node.close()));
  });
  robot.start();
  return { url: receiver.url, secret: receiver.secret };
}
