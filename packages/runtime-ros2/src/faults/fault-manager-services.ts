import { FAULT_STATUSES, type Fault, type FaultList, type FaultManager, faultCodeProblem } from '@medkit/faults';
import type { RosMessage, ServiceHandler } from '@medkit/ros2';
import { StoreError } from '@medkit/store';
import { clusterMessage, symptomMessage } from './correlation-message.ts';
import { faultMessage } from './fault-message.ts';

/** One service of a fault manager. */
export interface FaultManagerService {
  /** Below the name of the node: `list_faults`. */
  readonly name: string;
  readonly type: string;
  readonly answer: ServiceHandler;
}

/** What a fault manager answers besides `report_fault`; the texts are those that clients of ros2_medkit know. */
export function faultManagerServices(manager: FaultManager): readonly FaultManagerService[] {
  const service = (name: string, type: string, answer: ServiceHandler): FaultManagerService => ({
    name,
    type: `ros2_medkit_msgs/srv/${type}`,
    answer,
  });
  /** The fault of a request, or why there is none. */
  const asked = (request: RosMessage): Fault | string => {
    const code = String(request.fault_code);
    return faultCodeProblem(code) ?? manager.get(code) ?? `Fault not found: ${code}`;
  };

  return [
    service('list_faults', 'ListFaults', (request) => {
      const list = manager.list({
        statuses: request.statuses as readonly string[],
        includeMuted: request.include_muted === true,
        ...(request.filter_by_severity === true && { severity: Number(request.severity) }),
      });
      return listAnswer(list, request);
    }),

    service('get_fault', 'GetFault', (request): RosMessage => {
      const fault = asked(request);
      if (typeof fault === 'string') return refused(fault);
      const records = { first_occurrence_ns: fault.firstOccurredNs, last_occurrence_ns: fault.lastOccurredNs };
      return {
        success: true,
        fault: faultMessage(fault),
        environment_data: { extended_data_records: records, snapshots: [] },
      };
    }),

    service('clear_fault', 'ClearFault', async (request): Promise<RosMessage> => {
      const cascade = request.skip_correlation_auto_clear !== true;
      try {
        const answer = await manager.clear(String(request.fault_code), { cascade });
        const { cleared, message } = answer;
        return { success: cleared, message, auto_cleared_codes: answer.cleared ? answer.autoClearedCodes : [] };
      } catch (error) {
        if (error instanceof StoreError) return { success: false, message: error.message };
        throw error;
      }
    }),

    service('list_faults_for_entity', 'ListFaultsForEntity', ({ entity_id }): RosMessage => {
      const entity = String(entity_id);
      if (entity === '') return refused('entity_id cannot be empty');
      const { faults } = manager.list({ statuses: FAULT_STATUSES, includeMuted: true, entity });
      return { success: true, faults: faults.map(faultMessage) };
    }),

    service('get_snapshots', 'GetSnapshots', (request): RosMessage => {
      const fault = asked(request);
      if (typeof fault === 'string') return refused(fault);
      const none = { fault_code: fault.code, topics: {}, rosbag: { available: false } };
      return { success: true, data: JSON.stringify(none) };
    }),

    service('get_rosbag', 'GetRosbag', (request): RosMessage => {
      const fault = asked(request);
      return refused(typeof fault === 'string' ? fault : `No rosbag recording of fault ${fault.code}`);
    }),

    service(
      'list_rosbags',
      'ListRosbags',
      ({ entity_fqn }): RosMessage => (entity_fqn === '' ? refused('entity_fqn cannot be empty') : { success: true }),
    ),
  ];
}

const refused = (text: string): RosMessage => ({ success: false, error_message: text });

function listAnswer({ faults, muted, clusters }: FaultList, request: RosMessage): RosMessage {
  return {
    faults: faults.map(faultMessage),
    muted_count: muted.length,
    muted_faults: request.include_muted === true ? muted.map(symptomMessage) : [],
    cluster_count: clusters.length,
    clusters: request.include_clusters === true ? clusters.map(clusterMessage) : [],
  };
}
