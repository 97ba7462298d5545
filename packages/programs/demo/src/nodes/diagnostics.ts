import type { RosMessage } from '@medkit/ros2';
import type { DemoNode, Topic } from './demo-node.ts';

/** Levels of diagnostic_msgs/msg/DiagnosticStatus. */
export const DIAGNOSTIC_LEVELS = { ok: 0, warn: 1, error: 2, stale: 3 } as const;

/** State of a driver. */
export interface Diagnosis {
  readonly level: keyof typeof DIAGNOSTIC_LEVELS;
  readonly message: string;
  readonly values?: Readonly<Record<string, string>>;
}

export interface DiagnosedPart {
  /** `lidar_driver: range data`. */
  readonly name: string;
  readonly hardwareId: string;
  readonly diagnose: () => Diagnosis;
}

export const DIAGNOSTICS_TOPIC: Topic = { name: '/diagnostics', type: 'diagnostic_msgs/msg/DiagnosticArray' };
const PERIOD_MS = 1000;

/** diagnostic_msgs/msg/DiagnosticStatus. */
function statusMessage(name: string, hardwareId: string, { level, message, values = {} }: Diagnosis): RosMessage {
  return {
    level: DIAGNOSTIC_LEVELS[level],
    name,
    message,
    hardware_id: hardwareId,
    values: Object.entries(values).map(([key, value]) => ({ key, value })),
  };
}

/** Publishes the state of one part of a node on /diagnostics every second, as diagnostic_updater does. */
export async function publishDiagnostics(node: DemoNode, { name, hardwareId, diagnose }: DiagnosedPart): Promise<void> {
  await node.publishEvery(PERIOD_MS, DIAGNOSTICS_TOPIC, () => ({
    header: node.header(''),
    status: [statusMessage(name, hardwareId, diagnose())],
  }));
}
