import { keepsAllParts, type ReportedCondition } from '@medkit/core';
import { type FaultReport, faultCodeProblem, SEVERITY } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { codeText, conditionKey, cutCodeText, hashedCode, withoutAnsi } from './code-text.ts';

/** Settings for the faults of diagnostics. The names are those of ros2_medkit. */
export interface DiagnosticRules {
  /** Source of the reports if no node is known; in ros2_medkit the name of its bridge, `/diagnostic_bridge`. */
  readonly sourceId: string;
  /** Codes by diagnostic name; they override all others. */
  readonly nameToCode: ReadonlyMap<string, string>;
  /** Keys of the diagnostic's values that contain the code; the first one with a value is used. */
  readonly keyvalueCodes: readonly string[];
  /** Whether to derive the code from the name if no other rule applies. */
  readonly autoGenerateCodes: boolean;
  /** Whether a hardware id that is the full name of a node becomes the source. */
  readonly useHardwareIdAsSourceId: boolean;
}

/** Origin of a `DiagnosticArray`. */
export interface DiagnosticOrigin {
  /** Full name of the publishing node; `undefined` for a DDS program without a node. */
  readonly publisher: string | undefined;
  /** Source of the reports, unless the hardware id is used. */
  readonly source: string;
  readonly isNode: (fqn: string) => boolean;
}

/** The reports of an array, and the names of its statuses that are not OK and have no code. */
export interface ReadDiagnostics {
  readonly reports: readonly (FaultReport & { readonly condition: ReportedCondition })[];
  readonly withoutCode: readonly string[];
  /** Names of statuses whose level the type does not define; they are reported as errors. */
  readonly unknownLevels: readonly string[];
}

type Severity = FaultReport['severity'];
type Report = ReadDiagnostics['reports'][number];

/** `diagnostic_msgs/msg/DiagnosticStatus.level`; any other value counts as an error. */
const OK = 0;
const SEVERITIES: Readonly<Record<number, Severity>> = {
  1: SEVERITY.WARN,
  2: SEVERITY.ERROR,
  // STALE: the state of the component is unknown.
  3: SEVERITY.CRITICAL,
};

const MAX_CODE_LENGTH = 128;
/** Start of the code if the name has no Latin letter or digit. */
const NO_LATIN = 'DIAGNOSTIC';

/**
 * Returns the reports for the statuses of one `diagnostic_msgs/msg/DiagnosticArray`. Publisher, hardware id and name
 * identify a condition. If an array has several statuses of one condition, those that are not OK count, the worst of
 * each code.
 */
export function readDiagnostics(
  statuses: readonly RosMessage[],
  rules: DiagnosticRules,
  origin: DiagnosticOrigin,
): ReadDiagnostics {
  const byCondition = new Map<string, { failed: Map<string, Report>; passed: Report[] }>();
  const withoutCode: string[] = [];
  const unknownLevels = statuses
    .filter((status) => !isLevel(Number(status.level)))
    .map((status) => String(status.name));
  for (const status of statuses) {
    const report = reportOf(status, rules, origin);
    if (report.event === 'FAILED' && report.code === '') {
      withoutCode.push(String(status.name));
      continue;
    }
    const { key } = report.condition;
    const found = byCondition.get(key) ?? { failed: new Map<string, Report>(), passed: [] as Report[] };
    byCondition.set(key, found);
    if (report.event === 'PASSED') found.passed.push(report);
    else if (report.severity > (found.failed.get(report.code)?.severity ?? -1)) found.failed.set(report.code, report);
  }
  const counted = [...byCondition.values()].map(({ failed, passed }) => (failed.size > 0 ? failed.values() : passed));
  return { reports: counted.flatMap((reports) => [...reports]), withoutCode, unknownLevels };
}

function reportOf(
  status: RosMessage,
  rules: DiagnosticRules,
  { publisher = '', source, isNode }: DiagnosticOrigin,
): Report {
  const level = Number(status.level);
  const hardwareId = String(status.hardware_id);
  const key = conditionKey('diagnostic', publisher, hardwareId, plainName(status));
  const isPath = hardwareId.includes('/');
  const formerSources = [rules.sourceId, ...(isPath ? [hardwareId] : [])];
  const { code, otherCode } = codesOf(status, rules, key);
  return {
    code,
    event: level === OK ? 'PASSED' : 'FAILED',
    severity: SEVERITIES[level] ?? SEVERITY.ERROR,
    description: describedLevel(level, String(status.message)),
    source: rules.useHardwareIdAsSourceId && isPath && isNode(hardwareId) ? hardwareId : source,
    condition: { key, formerSources, ...(otherCode !== undefined && { otherCode }) },
  };
}

function isLevel(level: number): boolean {
  return level === OK || level in SEVERITIES;
}

/** Returns the message, with the level appended if the type does not define it: the severity is then a guess. */
function describedLevel(level: number, message: string): string {
  if (isLevel(level)) return message;
  return `${message} (level ${level} is not defined in diagnostic_msgs/msg/DiagnosticStatus, treated as ERROR)`;
}

/** Removes terminal colours, so that a coloured and a plain name are the same. */
function plainName(status: RosMessage): string {
  return withoutAnsi(String(status.name)).trim();
}

/** Returns the code of a condition (empty if it has none) and the alternative if another condition has that code. */
function codesOf(
  status: RosMessage,
  { nameToCode, keyvalueCodes, autoGenerateCodes }: DiagnosticRules,
  key: string,
): { readonly code: string; readonly otherCode?: string } {
  const name = plainName(status);
  const named = nameToCode.get(String(status.name)) ?? nameToCode.get(name);
  if (named !== undefined) return { code: named };
  const values = status.values as readonly RosMessage[];
  for (const wanted of keyvalueCodes) {
    const value = values.find((each) => each.key === wanted && each.value !== '')?.value;
    if (value !== undefined) return { code: allowedCode(String(value)) };
  }
  if (!autoGenerateCodes) return { code: '' };
  const otherCode = hashedCode(codeText(name) || NO_LATIN, key, MAX_CODE_LENGTH);
  return { code: keepsAllParts(name) ? cutCodeText(codeText(name), MAX_CODE_LENGTH) : otherCode, otherCode };
}

/** Returns the value if it is allowed as a fault code; otherwise a hashed code for it. */
function allowedCode(value: string): string {
  if (faultCodeProblem(value) === undefined) return value;
  return hashedCode(codeText(value) || NO_LATIN, value, MAX_CODE_LENGTH);
}
