import { parseFaultSeverity } from '@medkit/contract';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { parseArguments, readInteger } from '../command/parse-arguments.ts';

const DEFAULT_SEVERITY = 'error';
const DEFAULT_MANAGER = '/fault_manager';
/** Highest domain id: the ports of higher domains would exceed 65535 (RTPS 2.5, 9.6.2.3). */
const MAX_DOMAIN_ID = 232;
const PATIENCE_MS = 5000;

/** `medkit faults report`: reports a fault as a node does. */
export const reportFault: CommandProgram = {
  help: () =>
    helpText({
      usage: 'faults report <code> <source>',
      about: [
        'Joins the ROS 2 network as a node for a moment and reports a fault to the fault manager (of medkit or ros2_medkit), as C++',
        'and Python nodes do. The source is the full name of the node with the fault. Needs no gateway address. The environment',
        'variables ROS_DOMAIN_ID and ROS_AUTOMATIC_DISCOVERY_RANGE select the network.',
      ],
      options: [
        ['--severity <severity>', `info, warning, error or critical (default ${DEFAULT_SEVERITY})`],
        ['--description <text>', 'description of the problem, one sentence'],
        ['--passed', 'report that the check passed: after enough passed reports, the fault heals'],
        ['--domain <integer>', `DDS domain of the robot, 0 to ${MAX_DOMAIN_ID} (default: ROS_DOMAIN_ID, else 0)`],
        ['--manager <node>', `full name of the fault manager node (default ${DEFAULT_MANAGER})`],
      ],
      examples: [
        ['faults report MOTOR_HOT /drive/motor --description "86 °C"', 'report a fault'],
        ['faults report MOTOR_HOT /drive/motor --passed', 'report that the fault has passed'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      severity: { type: 'string', default: DEFAULT_SEVERITY },
      description: { type: 'string', default: '' },
      passed: { type: 'boolean' },
      domain: { type: 'string' },
      manager: { type: 'string', default: DEFAULT_MANAGER },
    });
    const [code, source, ...others] = positionals;
    if (source === undefined || others.length > 0) {
      throw new CommandFailed(
        `expected a fault code and a source. Usage: ${invocation(process.env)} faults report <code> <source>`,
        ExitCode.usage,
      );
    }
    const domain = values.domain === undefined ? undefined : readInteger('domain', values.domain, MAX_DOMAIN_ID);
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
    if (outcome === 'refused')
      throw new CommandFailed(`the fault manager ${manager} rejected the report`, ExitCode.refused);
    throw new CommandFailed(FAILURES[outcome](manager), ExitCode.unavailable);
  },
};

const FAILURES = {
  late: (manager: string) =>
    `the fault manager ${manager} did not answer in ${PATIENCE_MS / 1000} s: it may or may not have received the report`,
  nobody: (manager: string) =>
    `no node offers the service ${manager}/report_fault: start a gateway (it includes a fault manager) with the same ROS_DOMAIN_ID and ROS_AUTOMATIC_DISCOVERY_RANGE`,
};

function severityOf(text: string): 0 | 1 | 2 | 3 {
  const severity = parseFaultSeverity(text);
  if (severity !== undefined) return severity;
  throw new CommandFailed(`--severity: expected info, warning, error or critical, found "${text}"`, ExitCode.usage);
}
