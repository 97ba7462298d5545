import { errorMessage, type FaultEvent, type Log } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import type { FaultMemory, FaultReport } from '@medkit/faults';
import type { LocalNode, RosMessage, ServiceClient } from '@medkit/ros2';
import { askWith, waitingCalls } from './ask-manager.ts';
import { attachedConditions } from './attached-conditions.ts';
import { attachedProvider } from './attached-provider.ts';
import type { FaultManagerNames } from './fault-manager-names.ts';
import { EVENTS_QOS } from './fault-manager-node.ts';
import { FAULT_EVENT_TYPE, faultEventOf } from './fault-message.ts';
import { RecentEvents } from './recent-events.ts';
import { REPORT_FAULT_TYPE, reportRequest } from './report-message.ts';

/** Events stored for clients that missed them; the robot's fault manager stores none. */
const MAX_EVENTS = 1000;

export interface AttachedFaultsOptions {
  /** The node of medkit that sends the requests. */
  readonly node: LocalNode;
  readonly names: FaultManagerNames;
  /** File system from which its recordings are read. */
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** `fault_manager.service_timeout_sec` in milliseconds. */
  readonly timeoutMs: number;
  /** Called with every event that the manager publishes. */
  readonly faultChanged: (event: FaultEvent) => void;
}

/** The fault manager of the robot while it is in use. */
export interface AttachedFaults extends FaultMemory {
  /** Returns whether the manager accepted the report; `undefined` if it did not answer. Never rejects. */
  trySend(report: FaultReport): Promise<boolean | undefined>;
  /** Disconnects from the manager; pending reports are abandoned. */
  close(): Promise<void>;
}

/** Connects to the fault manager of the robot through its services and events. */
export async function attachFaults(options: AttachedFaultsOptions): Promise<AttachedFaults> {
  const { node, names, files, clock, log, timeoutMs, faultChanged } = options;
  await using begun = new AsyncDisposableStack();
  const opened = async (name: string, type: string): Promise<ServiceClient> => {
    const client = await node.client(names.service(name), type);
    begun.defer(() => client.close());
    return client;
  };
  const asking = { manager: names.node, clock, timeoutMs };
  const service = (name: string, type: string) =>
    opened(name, `ros2_medkit_msgs/srv/${type}`).then((client) => askWith(client, asking));
  const [reportClient, list, get, clear, listRosbags, getRosbag] = await Promise.all([
    opened('report_fault', REPORT_FAULT_TYPE),
    service('list_faults', 'ListFaults'),
    service('get_fault', 'GetFault'),
    service('clear_fault', 'ClearFault'),
    service('list_rosbags', 'ListRosbags'),
    service('get_rosbag', 'GetRosbag'),
  ]);
  const report = askWith(reportClient, asking);

  const recent = new RecentEvents(MAX_EVENTS);
  let malformed = 0;
  const subscription = await node.subscribe({
    topic: names.events,
    type: FAULT_EVENT_TYPE,
    qos: EVENTS_QOS,
    onSample: ({ message }) => {
      const event = message && faultEventOf(message);
      if (event) faultChanged(recent.add(event));
      else malformed++;
    },
  });
  begun.defer(() => subscription.close());

  const unsent = new AbortController();
  const send = async (fault: FaultReport): Promise<boolean | undefined> => {
    try {
      const deadlineMs = clock.monotonicMs() + timeoutMs;
      return (
        (await report(reportRequest(fault), { signal: unsent.signal, deadlineMs }, fault.source)).accepted === true
      );
    } catch (error) {
      if (!unsent.signal.aborted)
        log('warn', `The fault manager did not take a report of ${fault.code}: ${errorMessage(error)}`);
      return undefined;
    }
  };
  const conditions = attachedConditions();
  const trySend = async (report: FaultReport): Promise<boolean | undefined> => {
    const answers = await Promise.all(conditions.reportsFor(report).map(send));
    return answers.includes(undefined) ? undefined : !answers.includes(false);
  };
  const ended = begun.move();
  return {
    provider: attachedProvider({ list, get, clear, listRosbags, getRosbag, recent, files, log }),
    trySend,
    report: async (report) => (await trySend(report)) ?? false,
    // Its services offer no other way to add information than to report the fault again while it is active.
    amend: async (report) => {
      try {
        const deadlineMs = clock.monotonicMs() + timeoutMs;
        const code = conditions.codeOf(report);
        const { fault } = await get({ fault_code: code }, { signal: unsent.signal, deadlineMs });
        if ((fault as RosMessage | undefined)?.status === 'CONFIRMED') await send({ ...report, code });
      } catch (error) {
        if (!unsent.signal.aborted)
          log('warn', `Additional information about ${report.code} could not be reported: ${errorMessage(error)}`);
      }
    },
    standing: () => undefined,
    health: async () => {
      const servers = await reportClient.ready();
      const message = `The fault manager ${names.node} that medkit is attached to does not answer: faults are unknown until it is available again.`;
      return {
        warnings: servers > 0 ? [] : [{ code: 'fault_manager_gone', message, nodes: [names.node] }],
        figures: { events_total: recent.count, malformed_events_total: malformed },
        quotas: {
          attached_conditions: conditions.figures(),
          waiting_fault_manager_calls: waitingCalls([report, list, get, clear, listRosbags, getRosbag]),
        },
      };
    },
    close: async () => {
      unsent.abort();
      await ended.disposeAsync();
    },
  };
}
