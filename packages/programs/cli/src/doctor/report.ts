import type { HealthStatus } from '@medkit/contract';
import { columns } from '../command/columns.ts';
import { plainLine } from '../terminal/display-width.ts';
import type { Finding } from './findings/finding.ts';
import type { Severity } from './findings/findings-table.ts';
import { healthRows } from './health-rows.ts';

/** Most severe first; findings of equal severity keep their order. */
const ORDER: readonly Severity[] = ['error', 'warning', 'hint'];

/** Result of the doctor. */
export interface Report {
  readonly health: HealthStatus;
  /** Most severe first. */
  readonly findings: readonly Finding[];
}

/** Sorts findings. A finding of the gateway replaces a finding of the machine with the same id. */
export function report(health: HealthStatus, ofGateway: readonly Finding[], ofMachine: readonly Finding[]): Report {
  const known = new Set(ofGateway.map(({ id }) => id));
  const all = [...ofGateway, ...ofMachine.filter(({ id }) => !known.has(id))];
  return { health, findings: ORDER.flatMap((severity) => all.filter((each) => each.severity === severity)) };
}

/** Returns whether there is a problem; hints do not count. */
export const isWrong = ({ findings }: Report): boolean => findings.some(({ severity }) => severity !== 'hint');

/** The report as text. Programs and nodes choose their names, so control characters are removed. */
export function reportLines(result: Report): readonly string[] {
  return [
    columns(healthRows(result.health)),
    '',
    ...(isWrong(result) ? [] : ['No problems found.']),
    ...result.findings.flatMap((each, at) => [...(at > 0 || !isWrong(result) ? [''] : []), ...findingLines(each)]),
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
