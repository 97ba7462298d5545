import { FAULT_STATUSES, type Fault, type FaultSnapshot } from '@medkit/core';
import { type FaultList, faultCodeProblem, type OpenFaultManager, storedEvidence } from '@medkit/faults';
import type { RosMessage, ServiceHandler } from '@medkit/ros2';
import { clusterMessage, symptomMessage } from './correlation-message.ts';
import { snapshotMessages } from './evidence-message.ts';
import { type FaultManagerService, faultManagerService, refused, unlessStoreFails } from './fault-manager-service.ts';
import { faultMessage } from './fault-message.ts';
import { recordingServices } from './recording-services.ts';
import { snapshotsText } from './snapshots-text.ts';

/** The services of a fault manager except `report_fault`; the texts are those of ros2_medkit. */
export function faultManagerServices(opened: OpenFaultManager): readonly FaultManagerService[] {
  const { manager } = opened;
  /** Returns the fault of a request, or the reason if there is none. */
  const requestedFault = (request: RosMessage): Fault | string => {
    const code = String(request.fault_code);
    return faultCodeProblem(code) ?? manager.get(code) ?? `Fault not found: ${code}`;
  };
  /** Answers with a fault and its evidence, or with the reason for a failure. */
  const withEvidence =
    (answer: (fault: Fault, evidence: readonly FaultSnapshot[], request: RosMessage) => RosMessage): ServiceHandler =>
    async (request) => {
      const fault = requestedFault(request);
      if (typeof fault === 'string') return refused(fault);
      return unlessStoreFails(refused, async () => answer(fault, await storedEvidence(opened, fault.code), request));
    };

  return [
    faultManagerService('list_faults', 'ListFaults', (request) => {
      const list = manager.list({
        statuses: request.statuses as readonly string[],
        includeMuted: request.include_muted === true,
        ...(request.filter_by_severity === true && { severity: Number(request.severity) }),
      });
      return listAnswer(list, request);
    }),

    faultManagerService(
      'get_fault',
      'GetFault',
      withEvidence((fault, evidence) => {
        const records = { first_occurrence_ns: fault.firstOccurredNs, last_occurrence_ns: fault.lastOccurredNs };
        return {
          success: true,
          fault: faultMessage(fault),
          environment_data: { extended_data_records: records, snapshots: snapshotMessages(evidence) },
        };
      }),
    ),

    faultManagerService(
      'get_snapshots',
      'GetSnapshots',
      withEvidence((fault, evidence, { topic }) => ({
        success: true,
        data: snapshotsText(fault.code, evidence, String(topic)),
      })),
    ),

    faultManagerService('clear_fault', 'ClearFault', (request) => {
      const cascade = request.skip_correlation_auto_clear !== true;
      const failed = (message: string): RosMessage => ({ success: false, message });
      return unlessStoreFails(failed, async (): Promise<RosMessage> => {
        const answer = await manager.clear(String(request.fault_code), { cascade });
        const { cleared, message } = answer;
        return { success: cleared, message, auto_cleared_codes: answer.cleared ? answer.autoClearedCodes : [] };
      });
    }),

    faultManagerService('list_faults_for_entity', 'ListFaultsForEntity', ({ entity_id }): RosMessage => {
      const entity = String(entity_id);
      if (entity === '') return refused('entity_id cannot be empty');
      const { faults } = manager.list({ statuses: FAULT_STATUSES, includeMuted: true, entity });
      return { success: true, faults: faults.map(faultMessage) };
    }),

    ...recordingServices(opened),
  ];
}

function listAnswer({ faults, muted, clusters }: FaultList, request: RosMessage): RosMessage {
  return {
    faults: faults.map(faultMessage),
    muted_count: muted.length,
    muted_faults: request.include_muted === true ? muted.map(symptomMessage) : [],
    cluster_count: clusters.length,
    clusters: request.include_clusters === true ? clusters.map(clusterMessage) : [],
  };
}
