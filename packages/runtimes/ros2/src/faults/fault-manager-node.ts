import { errorMessage, type FaultEvent, type Log } from '@medkit/core';
import type { MedkitFaults } from '@medkit/faults';
import type { QosProfile, RosMessage } from '@medkit/ros2';
import type { MedkitNodes } from '../medkit-nodes/medkit-nodes.ts';
import { FAULT_MANAGER_NODE, type FaultManagerNames } from './fault-manager-names.ts';
import { faultManagerServices } from './fault-manager-services.ts';
import { FAULT_EVENT_TYPE, faultEventMessage } from './fault-message.ts';
import { REPORT_FAULT_TYPE, reportOf } from './report-message.ts';

/** QoS that subscribers of fault manager events expect. */
export const EVENTS_QOS: Partial<QosProfile> = {
  reliability: 'reliable',
  durability: 'volatile',
  history: 'keep_last',
  depth: 100,
};

export interface FaultManagerNodeOptions {
  /** Name of the runtime that offers it; recorded with reports received here. */
  readonly name: string;
  readonly medkitNodes: Pick<MedkitNodes, 'open'>;
  readonly names: FaultManagerNames;
  readonly faults: MedkitFaults;
  readonly log: Log;
}

/** The gateway's fault manager in the ROS graph. */
export interface FaultManagerNode {
  /** Removes the node from the graph. The fault manager keeps running. */
  close(): Promise<void>;
}

/** Offers medkit's fault manager in the graph under the names that ros2_medkit reporters use. */
export async function openFaultManagerNode(options: FaultManagerNodeOptions): Promise<FaultManagerNode> {
  const { name: runtime, medkitNodes, names, faults, log } = options;
  const { manager } = faults.opened;
  await using begun = new AsyncDisposableStack();
  const node = await medkitNodes.open({ name: FAULT_MANAGER_NODE, namespace: names.namespace });
  begun.defer(() => node.close());

  const events = await node.publisher(names.events, FAULT_EVENT_TYPE, EVENTS_QOS);
  const publish = (event: FaultEvent): void => {
    if (events.isUnheard?.()) return;
    const failed = (error: unknown) =>
      log('warn', `Cannot publish an event of fault ${event.fault.code}: ${errorMessage(error)}`);
    events.publish(faultEventMessage(event)).catch(failed);
  };
  const stopListening = manager.onEvent((event) => {
    publish(event);
    const line = lineOf(event);
    if (line) node.say(...line);
  });
  begun.defer(stopListening);

  await Promise.all([
    node.service(names.service('report_fault'), REPORT_FAULT_TYPE, (request) => answerReport(faults, request, runtime)),
    ...faultManagerServices(faults.opened).map(({ name, type, answer }) =>
      node.service(names.service(name), type, answer),
    ),
  ]);

  const ended = begun.move();
  return { close: () => ended.disposeAsync() };
}

/** Handles a `ReportFault` request. */
async function answerReport({ intake }: MedkitFaults, request: RosMessage, runtime: string): Promise<RosMessage> {
  const report = reportOf(request);
  if (report !== undefined) return { accepted: await intake.report({ ...report, runtime }) };
  intake.reject(String(request.fault_code), `event_type ${request.event_type} is not one of 0, 1`);
  return { accepted: false };
}

/** Returns the log line of the fault manager's node for an event; updates of an active fault are not logged. */
function lineOf({ type, fault }: FaultEvent): Parameters<Log> | undefined {
  const { code, status, sources, description } = fault;
  if (type === 'fault_confirmed') return ['warn', `${code} is confirmed (${sources.join(', ')}): ${description}`];
  return type === 'fault_cleared' ? ['info', `${code} is ${status.toLowerCase()}`] : undefined;
}
