import type { HealthStatus } from '@medkit/contract';
import { columns } from '../command/columns.ts';
import { plainLine } from '../terminal/display-width.ts';
import type { Finding } from './findings/finding.ts';
import type { Severity } from './findings/findings-table.ts';
import { healthRows } from './health-rows.ts';

/** The worst first; of the same severity in the order in which they were found. */
const ORDER: readonly Severity[] = ['error', 'warning', 'hint'];

/** What the doctor tells at the end. */
export interface Report {
  readonly health: HealthStatus;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Puts what was found in order; what the gateway found itself counts before what the machine shows of the same kind. */
export function report(health: HealthStatus, ofGateway: readonly Finding[], ofMachine: readonly Finding[]): Report {
  const known = new Set(ofGateway.map(({ id }) => id));
  const all = [...ofGateway, ...ofMachine.filter(({ id }) => !known.has(id))];
  return { health, findings: ORDER.flatMap((severity) => all.filter((each) => each.severity === severity)) };
}

/** Whether something is wrong; hints alone are not. */
export const isWrong = ({ findings }: Report): boolean => findings.some(({ severity }) => severity !== 'hint');

/** The report for a person. Names in it are those that programs and nodes have given themselves. */
export function reportLines(told: Report): readonly string[] {
  return [
    columns(healthRows(told.health)),
    '',
    ...(isWrong(told) ? [] : ['Nothing is wrong.']),
    ...told.findings.flatMap((each, at) => [...(at > 0 || !isWrong(told) ? [''] : []), ...findingLines(each)]),
  ].flatMap((lines) => lines.split('\n').map(plainLine));
}

function findingLines({ id, severity, title, seen, means, remedy }: Finding): readonly string[] {
  return [
    `${severity}: ${title} (${id})`,
    `  ${seen}`,
    ...(means === undefined ? [] : [`  ${means}`]),
    ...(remedy === undefined ? [] : [`  → ${remedy}`]),
  ];
}
