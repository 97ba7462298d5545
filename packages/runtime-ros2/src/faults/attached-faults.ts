import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  type Fault,
  type FaultEvent,
  type FaultList,
  type FaultProvider,
  type Log,
  reasonOf,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LocalNode, RosMessage, ServiceClient } from '@medkit/ros2';
import { callFailure } from '../calls/call-failure.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import { Turns } from '../calls/turns.ts';
import { clusterOf, symptomOf } from './correlation-message.ts';
import type { FaultKeeper } from './fault-keeper.ts';
import type { FaultManagerNames } from './fault-manager-names.ts';
import { FAULT_EVENT_TYPE, faultEventOf, faultOf } from './fault-message.ts';
import { EVENTS_QOS } from './keep-own-faults.ts';
import { RecentEvents } from './recent-events.ts';
import { REPORT_FAULT_TYPE, reportRequest } from './report-message.ts';

/** Calls of one service at a time: the history of a service in ROS is ten requests deep, an eleventh may be lost. */
const CALLS_AT_ONCE = 8;
/** Calls that wait for their turn; more are refused. */
const MAX_WAITING_CALLS = 256;
/** Events that are kept for those who missed them: the manager keeps none. */
const EVENTS_KEPT = 1000;

export interface AttachedFaultsOptions {
  /** The node of ours that asks. */
  readonly node: LocalNode;
  readonly names: FaultManagerNames;
  readonly clock: Clock;
  readonly log: Log;
  /** `fault_manager.service_timeout_sec`, in milliseconds. */
  readonly timeoutMs: number;
  /** Hears of every event that the manager publishes. */
  readonly faultChanged: (event: FaultEvent) => void;
}

/** One service of the manager. */
type Ask = (request: RosMessage, call: Pick<CallContext, 'signal' | 'deadlineMs'>) => Promise<RosMessage>;

/** Uses the fault manager that the robot brings along, by its services and events. */
export async function attachFaults(options: AttachedFaultsOptions): Promise<FaultKeeper> {
  const { node, names, clock, log, timeoutMs, faultChanged } = options;
  await using begun = new AsyncDisposableStack();
  const opened = async (name: string, type: string): Promise<ServiceClient> => {
    const client = await node.client(names.service(name), type);
    begun.defer(() => client.close());
    return client;
  };
  const askWith = (client: ServiceClient): Ask => {
    const turns = new Turns({ clock, atOnce: CALLS_AT_ONCE, turnMs: timeoutMs, maxWaiting: MAX_WAITING_CALLS });
    return async (request, { signal, deadlineMs }) => {
      try {
        return await turns.take(signal, () =>
          client.call(request, { timeoutMs: timeLeftMs(clock, deadlineMs, timeoutMs), signal }),
        );
      } catch (error) {
        const message = `The fault manager ${names.node} did not answer`;
        throw callFailure(error, { code: 'service-unavailable', message, parameters: { service: client.service } });
      }
    };
  };
  const [reportClient, list, get, clear] = await Promise.all([
    opened('report_fault', REPORT_FAULT_TYPE),
    opened('list_faults', 'ros2_medkit_msgs/srv/ListFaults').then(askWith),
    opened('get_fault', 'ros2_medkit_msgs/srv/GetFault').then(askWith),
    opened('clear_fault', 'ros2_medkit_msgs/srv/ClearFault').then(askWith),
  ]);
  const report = askWith(reportClient);

  const recent = new RecentEvents(EVENTS_KEPT);
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
  const ended = begun.move();
  return {
    provider: attachedProvider({ list, get, clear, recent }),
    report: async (fault) => {
      try {
        const deadlineMs = clock.monotonicMs() + timeoutMs;
        return (await report(reportRequest(fault), { signal: unsent.signal, deadlineMs })).accepted === true;
      } catch (error) {
        if (!unsent.signal.aborted) log('warn', `A report of ${fault.code} was not taken: ${reasonOf(error)}`);
        return false;
      }
    },
    health: async () => {
      const servers = await reportClient.ready();
      const message = `The fault manager ${names.node} that medkit is attached to does not answer: faults are unknown until it is back.`;
      return {
        warnings: servers > 0 ? [] : [{ code: 'fault_manager_gone', message, nodeFqns: [names.node] }],
        figures: { events_total: recent.count, malformed_events_total: malformed },
      };
    },
    close: async () => {
      unsent.abort();
      await ended.disposeAsync();
    },
  };
}

function attachedProvider({
  list,
  get,
  clear,
  recent,
}: {
  readonly list: Ask;
  readonly get: Ask;
  readonly clear: Ask;
  readonly recent: RecentEvents;
}): FaultProvider {
  const listed = async (statuses: readonly string[], call: CallContext) => {
    const answer = await list({ statuses, include_muted: true, include_clusters: true }, call);
    return {
      faults: (answer.faults as readonly RosMessage[]).flatMap((message) => faultOf(message) ?? []),
      muted: (answer.muted_faults as readonly RosMessage[]).map(symptomOf),
      clusters: (answer.clusters as readonly RosMessage[]).map(clusterOf),
    };
  };
  const explained = (fault: Fault) => ({ fault, thresholds: [] });
  return {
    list: async (_, { statuses, includeMuted }, call): Promise<FaultList> => {
      const { faults, muted, clusters } = await listed(statuses, call);
      const hidden = new Set(includeMuted ? [] : muted.map(({ faultCode }) => faultCode));
      return { faults: faults.filter(({ code }) => !hidden.has(code)).map(explained), muted, clusters };
    },
    get: async (_, code, call) => {
      const answer = await get({ fault_code: code }, call);
      if (answer.success !== true) return unlessNotFound(answer.error_message, undefined);
      const fault = faultOf(answer.fault as RosMessage);
      return fault && { ...explained(fault), snapshots: [] };
    },
    clear: async (_, code, { cascade }, call) => {
      const answer = await clear({ fault_code: code, skip_correlation_auto_clear: !cascade }, call);
      return answer.success === true || unlessNotFound(answer.message, false);
    },
    eventsAfter: async (_, id, limit) => recent.after(id, limit),
  };
}

/** `absent` where the manager says that it does not know the fault; any other word of it is an error. */
function unlessNotFound<T>(said: unknown, absent: T): T {
  const text = String(said);
  if (text.startsWith('Fault not found')) return absent;
  throw new SovdError({ code: 'service-unavailable', message: `The fault manager refused: ${text}` });
}
