import type { Clock } from '@medkit/edges';
import type { LocalNode, Publisher, RosAdapter, RosMessage } from '@medkit/ros2';
import { SENSOR_QOS } from '../nodes/demo-node.ts';
import { twistMessage, velocityOf } from '../nodes/messages.ts';
import { STOPPED, type Velocity } from '../robot/drive.ts';
import { type CycleCounts, startCycle } from './cycle.ts';
import { closedGate, decide, type GateDecision, type GateInputs } from './decision.ts';
import { frontReader, type LaserScan } from './front-range.ts';
import type { GateSettings } from './gate-settings.ts';

/** The leading underscore hides the node from node lists: it is not part of navigation. */
const NODE = '_safety_gate';
const TWIST = 'geometry_msgs/msg/Twist';
/** Only the newest velocity matters. */
const NEWEST_QOS = { depth: 1 };
/** Repeat interval of an unchanged velocity: the base stops after half a second without a command. */
const REPEAT_MS = 50;

/** Inputs and decision of a gate cycle. */
export interface GateCycle {
  readonly inputs: GateInputs;
  readonly decision: GateDecision;
  readonly counts: CycleCounts;
}

export interface GateOptions {
  readonly adapter: Pick<RosAdapter, 'node'>;
  readonly clock: Clock;
  readonly settings: GateSettings;
  readonly periodMs: number;
  /** Called after the velocity of each cycle is sent. Its errors do not stop the gate. */
  readonly onCycle: (cycle: GateCycle) => void;
  readonly onFailure: (where: string, error: unknown) => void;
}

export interface SafetyGate {
  /** Stops the robot and leaves the graph. */
  close(): Promise<void>;
}

/**
 * Controls the wheels instead of navigation: reads the requested velocity (/cmd_vel_nav) and scans (/scan), and publishes the
 * velocity of the robot in every cycle (/cmd_vel). Every failure stops the robot.
 */
export async function openSafetyGate(options: GateOptions): Promise<SafetyGate> {
  const { adapter, clock, settings, periodMs, onFailure } = options;
  const read = frontReader(settings);
  let scan: GateInputs['scan'];
  let wanted: GateInputs['wanted'];
  const node = await adapter.node({ name: NODE });
  await subscribe(node, '/scan', 'sensor_msgs/msg/LaserScan', SENSOR_QOS, (message) => {
    scan = { front: read(message as RosMessage & LaserScan), arrivedMs: clock.monotonicMs() };
  });
  await subscribe(node, '/cmd_vel_nav', TWIST, NEWEST_QOS, (message) => {
    wanted = { velocity: velocityOf(message), arrivedMs: clock.monotonicMs() };
  });
  const command = commander(await node.publisher('/cmd_vel', TWIST, NEWEST_QOS), options);
  let decision = closedGate(clock.monotonicMs());
  const cycle = startCycle({
    clock,
    periodMs,
    act: (counts) => {
      const inputs = { nowMs: clock.monotonicMs(), scan, wanted };
      decision = decide(decision, inputs, settings);
      command(decision.commanded, inputs.nowMs);
      try {
        options.onCycle({ inputs, decision, counts });
      } catch (error) {
        onFailure('safety_gate', error);
      }
    },
  });
  return {
    async close() {
      cycle.stop();
      command(STOPPED, clock.monotonicMs());
      await node.close();
    },
  };
}

async function subscribe(
  node: LocalNode,
  topic: string,
  type: string,
  qos: NonNullable<Parameters<LocalNode['subscribe']>[0]['qos']>,
  onMessage: (message: RosMessage) => void,
): Promise<void> {
  await node.subscribe({ topic, type, qos, onSample: ({ message }) => message && onMessage(message) });
}

/** Publishes a changed velocity immediately, and repeats an unchanged one periodically. */
function commander({ publish }: Publisher, { onFailure }: GateOptions): (velocity: Velocity, nowMs: number) => void {
  let last: Velocity | undefined;
  let saidMs = Number.NEGATIVE_INFINITY;
  return (velocity, nowMs) => {
    const same = last?.linearMps === velocity.linearMps && last.angularRps === velocity.angularRps;
    if (same && nowMs - saidMs < REPEAT_MS) return;
    last = velocity;
    saidMs = nowMs;
    publish(twistMessage(velocity)).catch((error: unknown) => onFailure('/cmd_vel', error));
  };
}
