import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import {
  type ConditionHolder,
  codeOfFailed,
  codesOfPassed,
  type FaultReport,
  withFailing,
  withPassed,
} from '@medkit/faults';

/** Maximum stored codes. Beyond it, the least recently reported code of the source with the most codes is removed. */
const MAX_CODES = 4096;

/** The conditions that medkit reported to a fault manager of the robot, which knows only codes and sources. */
export interface AttachedConditions {
  /** Returns the reports to send for this report, with the code of its condition; none if it changes nothing. */
  reportsFor(report: FaultReport): readonly FaultReport[];
  /** Returns the code under which a FAILED report is sent. */
  codeOf(report: FaultReport): string;
  /** Counts of the codes, by source. */
  figures(): QuotaFigures;
}

/** Creates an empty instance. It sends a PASSED report unchanged if no condition has raised its code since. */
export function attachedConditions(): AttachedConditions {
  const holders = new OwnedMap<string, ConditionHolder>(MAX_CODES, ({ sources }) => sources[0]);
  const find = (code: string) => holders.get(code);
  const put = (holder: ConditionHolder): void => {
    holders.keep(holder.code, holder);
  };
  return {
    figures: () => holders.figures(),
    codeOf: (report) => codeOfFailed(report, find),
    reportsFor: (report) => {
      const { condition, source } = report;
      if (condition === undefined) return [report];
      if (report.event === 'FAILED') {
        const code = codeOfFailed(report, find);
        const conditions = withFailing(find(code)?.conditions, condition.key, false);
        put({ code, status: 'CONFIRMED', sources: [source], conditions });
        return [{ ...report, code }];
      }
      const codes = codesOfPassed(report, holders.values(), find);
      if (codes.length === 0) return report.code === '' || find(report.code) !== undefined ? [] : [report];
      return codes.flatMap((code) => {
        const holder = find(code)!;
        const conditions = withPassed(holder.conditions, condition.key);
        put({ ...holder, ...(conditions && { conditions }) });
        return conditions?.some(({ failing }) => failing) ? [] : [{ ...report, code }];
      });
    },
  };
}
