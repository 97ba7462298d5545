import { type FaultEvent, type Log, reasonOf, type Warning } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { QosProfile } from '@medkit/ros2';
import type { OwnNodes } from '../own-nodes/own-nodes.ts';
import type { FaultKeeper } from './fault-keeper.ts';
import { FAULT_MANAGER_NODE, type FaultManagerNames } from './fault-manager-names.ts';
import { faultManagerServices } from './fault-manager-services.ts';
import { FAULT_EVENT_TYPE, faultEventMessage } from './fault-message.ts';
import type { OpenFaultManager } from './open-fault-manager.ts';
import { ownFaultProvider } from './own-fault-provider.ts';
import { ReportDesk } from './report-desk.ts';
import { REPORT_FAULT_TYPE } from './report-message.ts';

/** What subscribers of the events of a fault manager expect. */
export const EVENTS_QOS: Partial<QosProfile> = {
  reliability: 'reliable',
  durability: 'volatile',
  history: 'keep_last',
  depth: 100,
};

export interface OwnFaultsOptions {
  readonly ownNodes: Pick<OwnNodes, 'open'>;
  readonly names: FaultManagerNames;
  /** Is closed together with the keeper. */
  readonly opened: OpenFaultManager;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears of every event once it is on disk. */
  readonly faultChanged: (event: FaultEvent) => void;
}

/** Offers medkit's fault manager to the graph as the node that reporters of ros2_medkit know. */
export async function keepOwnFaults(options: OwnFaultsOptions): Promise<FaultKeeper> {
  const { ownNodes, names, opened, clock, log, faultChanged } = options;
  const { manager } = opened;
  const desk = new ReportDesk({ manager, clock, log });
  await using begun = new AsyncDisposableStack();
  begun.defer(() => opened.close());
  const node = await ownNodes.open({ name: FAULT_MANAGER_NODE, namespace: names.namespace });
  begun.defer(() => node.close());

  const events = await node.publisher(names.events, FAULT_EVENT_TYPE, EVENTS_QOS);
  const publish = (event: FaultEvent): void => {
    if (events.isUnheard?.()) return;
    const failed = (error: unknown) =>
      log('warn', `An event of ${event.fault.code} was not published: ${reasonOf(error)}`);
    events.publish(faultEventMessage(event)).catch(failed);
  };
  const stopListening = manager.onEvent((event) => {
    faultChanged(event);
    publish(event);
    const line = lineOf(event);
    if (line) node.say(...line);
  });
  begun.defer(stopListening);

  await Promise.all([
    node.service(names.service('report_fault'), REPORT_FAULT_TYPE, (request) => desk.answer(request)),
    ...faultManagerServices(opened).map(({ name, type, answer }) => node.service(names.service(name), type, answer)),
  ]);

  const ended = begun.move();
  return {
    provider: ownFaultProvider(opened),
    report: (report) => desk.report(report),
    amend: (report) => desk.amend(report),
    standing: (code) => {
      const fault = manager.get(code);
      if (fault === undefined) return { stands: false, lastOccurredNs: 0n };
      const stands = fault.status !== 'HEALED' && fault.status !== 'CLEARED';
      return { stands, lastOccurredNs: fault.lastOccurredNs };
    },
    health: async () => {
      const { warnings, figures } = await opened.health();
      const { accepted, rejected, failed } = desk.figures;
      return {
        warnings: [...warnings, ...storeWarning(desk.failure)],
        figures: {
          reports_accepted_total: accepted,
          reports_rejected_total: rejected,
          reports_failed_total: failed,
          ...figures,
        },
      };
    },
    close: () => ended.disposeAsync(),
  };
}

/** What the node of the fault manager logs of an event; updates of a fault that stands are none of its business. */
function lineOf({ type, fault }: FaultEvent): Parameters<Log> | undefined {
  const { code, status, sources, description } = fault;
  if (type === 'fault_confirmed') return ['warn', `${code} is confirmed (${sources.join(', ')}): ${description}`];
  return type === 'fault_cleared' ? ['info', `${code} is ${status.toLowerCase()}`] : undefined;
}

function storeWarning(failure: string | undefined): readonly Warning[] {
  if (failure === undefined) return [];
  return [{ code: 'faults_not_stored', message: `Reports of faults are refused, they cannot be stored: ${failure}` }];
}
