import type { FaultEvent, Log, Warning } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { EvidenceRegistry } from '../evidence/evidence-registry.ts';
import { isFailing, otherSourceFails } from '../fault/source-results.ts';
import type { FaultMemory } from './fault-memory.ts';
import { managerFaultProvider } from './manager-fault-provider.ts';
import type { OpenFaultManager } from './open-fault-manager.ts';
import { ReportIntake } from './report-intake.ts';

export interface MedkitFaultsOptions {
  readonly opened: OpenFaultManager;
  readonly clock: Clock;
  readonly log: Log;
  /** Returns the record form of the runtime that reported a fault; absent if there is none. */
  readonly recordsOf?: EvidenceRegistry['recordsOf'];
  /** Buffer of topic values; absent if there is none. */
  readonly sampler?: EvidenceRegistry['sampler'];
  /** Called with every event once it is on disk. */
  readonly faultChanged: (event: FaultEvent) => void;
}

/** The faults of medkit's own, open fault manager. */
export interface MedkitFaults {
  readonly opened: OpenFaultManager;
  /** Receives all reports from every source. */
  readonly intake: ReportIntake;
  readonly memory: FaultMemory;
}

/** Connects medkit's own fault manager, until it is closed. */
export function medkitFaults({
  opened,
  clock,
  log,
  recordsOf,
  sampler,
  faultChanged,
}: MedkitFaultsOptions): MedkitFaults {
  const { manager } = opened;
  const intake = new ReportIntake({ manager, clock, log });
  manager.onEvent(faultChanged);
  const memory: FaultMemory = {
    provider: managerFaultProvider(opened, recordsOf, sampler),
    report: (report) => intake.report(report),
    amend: (report) => intake.amend(report),
    standing: (code, about) => {
      const fault = manager.get(about ? manager.codeOf({ code, ...about }) : code);
      if (fault === undefined) return { stands: false, isConfirmed: false, lastOccurredNs: 0n };
      const stands = fault.status !== 'HEALED' && fault.status !== 'CLEARED';
      const failing = about && isFailing(fault, about);
      return {
        stands,
        isConfirmed: fault.status === 'CONFIRMED',
        lastOccurredNs: fault.lastOccurredNs,
        ...(failing !== undefined && { isFailing: failing }),
        ...(about && otherSourceFails(fault, about) && { otherSourceFails: true }),
      };
    },
    health: async () => {
      const health = await opened.health();
      const { accepted, ignored, rejected, failed } = intake.figures;
      return {
        ...health,
        warnings: [...health.warnings, ...storeWarning(intake.failure)],
        figures: {
          reports_accepted_total: accepted,
          reports_ignored_total: ignored,
          reports_rejected_total: rejected,
          reports_failed_total: failed,
          ...health.figures,
        },
      };
    },
  };
  return { opened, intake, memory };
}

function storeWarning(failure: string | undefined): readonly Warning[] {
  if (failure === undefined) return [];
  return [
    { code: 'faults_not_stored', message: `Fault reports are rejected, because they cannot be stored: ${failure}` },
  ];
}
