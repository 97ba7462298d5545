import { type FaultReport, SEVERITY } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { codeText, cutCodeText } from './code-text.ts';

/** What is made a fault of a diagnostic. The names are those of ros2_medkit. */
export interface DiagnosticRules {
  /** Codes by the name of the diagnostic; they come before all others. */
  readonly nameToCode: ReadonlyMap<string, string>;
  /** Keys among its values that hold the code; the first that is there counts, and its value is taken as it is. */
  readonly keyvalueCodes: readonly string[];
  /** Whether the name makes the code where nothing else gives it. */
  readonly autoGenerateCodes: boolean;
  /** Whether a hardware id with a slash in it is the source. */
  readonly useHardwareIdAsSourceId: boolean;
}

/** `diagnostic_msgs/msg/DiagnosticStatus.level`; what is none of these is an error. */
const OK = 0;
const SEVERITIES: Readonly<Record<number, FaultReport['severity']>> = {
  1: SEVERITY.WARN,
  2: SEVERITY.ERROR,
  // Stale: nobody knows how it is.
  3: SEVERITY.CRITICAL,
};

const MAX_CODE_LENGTH = 128;

/** The report that a `diagnostic_msgs/msg/DiagnosticStatus` makes; `undefined` where nothing gives it a code. */
export function diagnosticReport(status: RosMessage, rules: DiagnosticRules, source: string): FaultReport | undefined {
  const code = codeOf(status, rules);
  if (code === '') return undefined;
  const level = Number(status.level);
  const hardwareId = String(status.hardware_id);
  return {
    code,
    event: level === OK ? 'PASSED' : 'FAILED',
    severity: SEVERITIES[level] ?? SEVERITY.ERROR,
    description: describedLevel(level, String(status.message)),
    source: rules.useHardwareIdAsSourceId && hardwareId.includes('/') ? hardwareId : source,
  };
}

/** The message, with the level if the type does not define it: the severity is then a guess. */
function describedLevel(level: number, message: string): string {
  if (level === OK || level in SEVERITIES) return message;
  return `${message} (level ${level} is none of diagnostic_msgs/msg/DiagnosticStatus, taken as ERROR)`;
}

function codeOf(status: RosMessage, { nameToCode, keyvalueCodes, autoGenerateCodes }: DiagnosticRules): string {
  const name = String(status.name);
  const named = nameToCode.get(name);
  if (named !== undefined) return named;
  const values = status.values as readonly RosMessage[];
  for (const key of keyvalueCodes) {
    const found = values.find((each) => each.key === key);
    if (found) return String(found.value);
  }
  return autoGenerateCodes ? cutCodeText(codeText(name), MAX_CODE_LENGTH) : '';
}
