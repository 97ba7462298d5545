import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { parseWords, readWhole } from '../command/parse-words.ts';

const SEVERITIES: Readonly<Record<string, 0 | 1 | 2 | 3>> = { info: 0, warn: 1, warning: 1, error: 2, critical: 3 };
const DEFAULT_SEVERITY = 'error';
const DEFAULT_MANAGER = '/fault_manager';
/** RTPS 2.5, 9.6.2.3: the ports of higher domains would pass 65535. */
const MAX_DOMAIN_ID = 232;
const PATIENCE_MS = 5000;

/** `medkit faults report`: a fault, as any node reports it. */
export const reportFault: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} faults report <code> <source> [options]`,
      '',
      'Joins the robot of ROS_DOMAIN_ID and ROS_AUTOMATIC_DISCOVERY_RANGE as a node for a moment and reports a fault to its fault',
      'manager, of medkit or of another make, as C++ and Python nodes do. The source is the full name of the node that has it.',
      'No gateway is asked.',
      '',
      columns([
        ['--severity <severity>', `info, warning, error or critical (default ${DEFAULT_SEVERITY})`],
        ['--description <text>', 'what is wrong, in a sentence'],
        ['--passed', 'report that it is over: as often as the fault manager wants to hear that, the fault heals'],
        ['--domain <integer>', 'DDS domain of the robot'],
        ['--manager <node>', `full name of the fault manager's node (default ${DEFAULT_MANAGER})`],
      ]),
      '',
      columns([
        [`${invocation(process.env)} faults report MOTOR_HOT /drive/motor --description "86 °C"`, 'it is too hot'],
        [`${invocation(process.env)} faults report MOTOR_HOT /drive/motor --passed`, 'and now it is not'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      severity: { type: 'string', default: DEFAULT_SEVERITY },
      description: { type: 'string', default: '' },
      passed: { type: 'boolean' },
      domain: { type: 'string' },
      manager: { type: 'string', default: DEFAULT_MANAGER },
    });
    const [code, source, ...others] = positionals;
    if (source === undefined || others.length > 0) {
      throw new CommandFailed(`usage: ${invocation(process.env)} faults report <code> <source>`, ExitCode.usage);
    }
    const domain = values.domain === undefined ? undefined : readWhole('domain', values.domain, MAX_DOMAIN_ID);
    const manager = String(values.manager);
    const { reportFault } = await import('@medkit/gateway/report');
    const outcome = await reportFault(
      {
        code,
        source,
        event: values.passed ? 'PASSED' : 'FAILED',
        severity: severityOf(String(values.severity)),
        description: String(values.description),
      },
      {
        environment: { ...process.env, ...(domain !== undefined && { ROS_DOMAIN_ID: String(domain) }) },
        manager,
        patienceMs: PATIENCE_MS,
      },
    );
    if (outcome === 'accepted') {
      console.log(`${code}: ${values.passed ? 'reported as passed' : 'reported'}`);
      return ExitCode.ok;
    }
    if (outcome === 'refused') throw new CommandFailed(`${manager} did not accept the report`, ExitCode.refused);
    throw new CommandFailed(WHY[outcome](manager), ExitCode.unavailable);
  },
};

const WHY = {
  late: (manager: string) => `${manager} did not answer: whether it has the report is not known`,
  nobody: (manager: string) =>
    `nobody offers ${manager}/report_fault: start a gateway (it keeps faults) on the same ROS_DOMAIN_ID and ROS_AUTOMATIC_DISCOVERY_RANGE`,
};

function severityOf(text: string): 0 | 1 | 2 | 3 {
  const severity = SEVERITIES[text.toLowerCase()];
  if (severity !== undefined) return severity;
  throw new CommandFailed(`--severity: info, warning, error or critical, not "${text}"`, ExitCode.usage);
}
