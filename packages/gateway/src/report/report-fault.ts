import type { Clock } from '@medkit/edges';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import type { FaultReport } from '@medkit/faults';
import { CallTimeout, openRosAdapter, type RosAdapter, readEnvironment, ServerLost } from '@medkit/ros2';
import { REPORT_FAULT_TYPE, reportRequest } from '@medkit/runtime-ros2';
import type { Environment } from '../config/index.ts';

/** Tools hide nodes whose names begin so. */
const NODE = '_medkit_report';
/** Between two looks for a fault manager. */
const LOOK_EVERY_MS = 50;

export interface ReportTo {
  readonly environment: Environment;
  /** Node of the fault manager, `/fault_manager`. */
  readonly manager: string;
  /** How long it may take until one is found, and to answer: each, milliseconds. */
  readonly patienceMs: number;
  /** Joins the robot; the ROS 2 graph of the environment unless given. */
  readonly join?: () => Promise<Pick<RosAdapter, 'node' | 'close'>>;
  readonly clock?: Clock;
}

/** `nobody`: there is no fault manager; `late`: it was sent and not answered; `refused` for reasons that only the manager knows. */
export type ReportOutcome = 'accepted' | 'refused' | 'late' | 'nobody';

/** Joins the robot as a node for a moment and reports one fault to its fault manager. Throws where the robot cannot be joined. */
export async function reportFault(report: FaultReport, to: ReportTo): Promise<ReportOutcome> {
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

/** Joins the robot of the environment to do one thing, under a name that others see. */
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
