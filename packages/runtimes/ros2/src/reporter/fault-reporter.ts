import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import { faultManagerNames } from '../faults/fault-manager-names.ts';
import { REPORT_FAULT_TYPE, reportRequest } from '../faults/report-message.ts';
import { ReportFilter, type ReportFilterSettings } from './report-filter.ts';

/** Maximum unanswered reports; a ROS service has a history of ten requests. */
const MAX_UNDER_WAY = 10;
/** How long to wait for an answer before the next report may take its place. */
const TIMEOUT_MS = 5000;

export interface FaultReporterOptions {
  /** The reporting node. */
  readonly node: LocalNode;
  readonly clock: Clock;
  readonly log: Log;
  /** Source of the reports (default: the node's full name). */
  readonly source?: string;
  /** Full name of the service (default `/fault_manager/report_fault`). */
  readonly service?: string;
  readonly filter?: Partial<ReportFilterSettings>;
}

/**
 * Reports the faults of a node. Does not block on the fault manager: a report that it cannot accept is dropped and
 * logged.
 */
export interface FaultReporter {
  failed(code: string, severity: FaultReport['severity'], description: string): void;
  /** Never filtered: a fault must heal with its first PASSED report. */
  passed(code: string): void;
  /** Resets the filter for one code or for all. */
  reset(code?: string): void;
  close(): Promise<void>;
}

/** Opens a reporter; the fault manager may start later. */
export async function openFaultReporter({
  node,
  clock,
  log,
  source = node.fqn,
  service = faultManagerNames('').service('report_fault'),
  filter: settings,
}: FaultReporterOptions): Promise<FaultReporter> {
  const client = await node.client(service, REPORT_FAULT_TYPE);
  const filter = new ReportFilter(settings);
  const closed = new AbortController();
  let underWay = 0;

  const send = async (report: FaultReport): Promise<void> => {
    if (closed.signal.aborted) return;
    const dropped = (reason: string) => log('warn', `A report of "${report.code}" was dropped: ${reason}`);
    if (report.code === '') return dropped('fault_code cannot be empty');
    if (underWay >= MAX_UNDER_WAY) return dropped(`${underWay} reports are already waiting for an answer`);
    underWay++;
    try {
      if ((await client.ready()) === 0) return dropped(`no node offers ${service}`);
      const answer = await client.call(reportRequest(report), { timeoutMs: TIMEOUT_MS, signal: closed.signal });
      if (answer.accepted !== true) dropped('the fault manager did not accept it');
    } catch (error) {
      if (!closed.signal.aborted) dropped(errorMessage(error));
    } finally {
      underWay--;
    }
  };

  return {
    failed: (code, severity, description) => {
      if (code !== '' && !filter.passes(code, severity, clock.monotonicMs())) return;
      void send({ code, event: 'FAILED', severity, description, source });
    },
    passed: (code) => void send({ code, event: 'PASSED', severity: 0, description: '', source }),
    reset: (code) => (code === undefined ? filter.resetAll() : filter.reset(code)),
    close: () => {
      closed.abort();
      return client.close();
    },
  };
}
