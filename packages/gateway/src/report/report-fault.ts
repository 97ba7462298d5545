import type { Clock } from '@medkit/edges';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import type { FaultReport } from '@medkit/faults';
import { CallTimeout, openRosAdapter, type RosAdapter, readEnvironment, ServerLost } from '@medkit/ros2';
import { REPORT_FAULT_TYPE, reportRequest } from '@medkit/runtime-ros2';
import type { Environment } from '../config/index.ts';

/** ROS tools hide nodes with this prefix. */
const NODE = '_medkit_report';
/** Interval of the checks for a fault manager. */
const LOOK_EVERY_MS = 50;

export interface ReportTarget {
  readonly environment: Environment;
  /** Node of the fault manager, `/fault_manager`. */
  readonly manager: string;
  /** Timeout in milliseconds for finding it, and again for its reply. */
  readonly patienceMs: number;
  /** Joins the robot; the ROS 2 graph of the environment unless given. */
  readonly join?: () => Promise<Pick<RosAdapter, 'node' | 'close'>>;
  readonly clock?: Clock;
}

/** `nobody`: there is no fault manager; `late`: sent, but no reply; `refused`: rejected by the fault manager. */
export type ReportOutcome = 'accepted' | 'refused' | 'late' | 'nobody';

/** Joins the robot as a temporary node and reports one fault to its fault manager. Throws if it cannot join. */
export async function reportFault(report: FaultReport, to: ReportTarget): Promise<ReportOutcome> {
  const { environment, manager, patienceMs, clock = systemClock } = to;
  await using opened = new AsyncDisposableStack();
  const adapter = await (to.join ?? (() => joinAsNode(environment, 'medkit report')))();
  opened.defer(() => adapter.close());
  const node = await adapter.node({ name: NODE });
  const client = await node.client(`${manager}/report_fault`, REPORT_FAULT_TYPE);
  const lastLookMs = clock.monotonicMs() + patienceMs;
  while ((await client.ready()) === 0) {
    if (clock.monotonicMs() >= lastLookMs) return 'nobody';
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
  }
  try {
    const { accepted } = await client.call(reportRequest(report), { timeoutMs: patienceMs });
    return accepted === true ? 'accepted' : 'refused';
  } catch (error) {
    if (error instanceof CallTimeout || error instanceof ServerLost) return 'late';
    throw error;
  }
}

/** Joins the robot of the environment under a visible name, for a single task. */
export function joinAsNode(environment: Environment, participantName: string): Promise<RosAdapter> {
  return openRosAdapter({
    environment: readEnvironment(environment),
    clock: systemClock,
    datagrams: udpDatagrams,
    files: systemFiles,
    random: systemRandom,
    participantName,
  });
}
