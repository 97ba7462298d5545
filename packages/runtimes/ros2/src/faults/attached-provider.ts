import { SovdError } from '@medkit/contract';
import type { CallContext, Fault, FaultList, FaultProvider, FaultSnapshot, Log } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { RosMessage } from '@medkit/ros2';
import type { Ask } from './ask-manager.ts';
import { attachedRecordings } from './attached-recordings.ts';
import { clusterOf, symptomOf } from './correlation-message.ts';
import { snapshotOf } from './evidence-message.ts';
import { faultOf } from './fault-message.ts';
import type { RecentEvents } from './recent-events.ts';

export interface AttachedManager {
  readonly list: Ask;
  readonly get: Ask;
  readonly clear: Ask;
  readonly listRosbags: Ask;
  readonly getRosbag: Ask;
  readonly recent: RecentEvents;
  /** File system from which its recordings are read, by the paths that it returns. */
  readonly files: Files;
  readonly log: Log;
}

/** The faults of the robot's fault manager. */
export function attachedProvider(manager: AttachedManager): Omit<FaultProvider, 'report'> {
  const { list, get, clear, recent, log } = manager;
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
      return fault && { ...explained(fault), snapshots: evidenceOf(answer.environment_data as RosMessage, code, log) };
    },
    // The manager knows only the current occurrence, and of it only the start.
    occurrences: async (_, code, call) => {
      const answer = await get({ fault_code: code }, call);
      if (answer.success !== true) return unlessNotFound(answer.error_message, []);
      const fault = faultOf(answer.fault as RosMessage);
      if (!fault) return [];
      const { occurrenceCount: number, firstOccurredNs: startedNs, confirmedAtNs, healedAtNs, clearedAtNs } = fault;
      return [{ number, startedNs, confirmedAtNs, healedAtNs, clearedAtNs, clearedBy: '', missing: '' }];
    },
    clear: async (_, code, { cascade }, call) => {
      const answer = await clear({ fault_code: code, skip_correlation_auto_clear: !cascade }, call);
      return answer.success === true || unlessNotFound(answer.message, false);
    },
    ...attachedRecordings(manager),
    eventsAfter: async (_, id, limit) => recent.after(id, limit),
    eventsOf: async (_, query) => recent.of(query),
  };
}

function evidenceOf({ snapshots }: RosMessage, code: string, log: Log): readonly FaultSnapshot[] {
  return (snapshots as readonly RosMessage[]).flatMap((message) => {
    const snapshot = snapshotOf(message, code);
    if (snapshot) return snapshot;
    log(
      'warn',
      `A recording of ${code} has no id in the fault manager and is skipped: ${JSON.stringify(message.name)}`,
    );
    return [];
  });
}

/** Returns `absent` if the manager does not know the fault; throws for any other error text. */
function unlessNotFound<T>(said: unknown, absent: T): T {
  const text = String(said);
  if (text.startsWith('Fault not found')) return absent;
  throw new SovdError({ code: 'service-unavailable', message: `The fault manager refused: ${text}` });
}
