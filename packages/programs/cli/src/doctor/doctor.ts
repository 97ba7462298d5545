import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTIONS, IDENTITY_OPTION_LINES } from '../remote/connection.ts';
import { accountFindings } from './findings/account-findings.ts';
import { faultFindings } from './findings/fault-findings.ts';
import { healthFindings } from './findings/health-findings.ts';
import { tlsFindings } from './findings/tls-findings.ts';
import { isWrong, report, reportLines } from './report.ts';

/** `medkit doctor`: finds problems of discovery, network, machine, gateway and robot. */
export const doctor: CommandProgram = {
  help: () =>
    helpText({
      usage: 'doctor',
      about: [
        'Joins the ROS 2 network for 5 to 8 s, as `up` does but without serving anything, and examines this machine. Reports what was',
        'discovered, each problem with its effect, and how to fix it. With --url, examines a running gateway and its robot instead.',
        `Exit code: 0 if there is no problem (hints do not count), ${ExitCode.failed} otherwise.`,
      ],
      options: [
        ['--domain <integer>', 'DDS domain of the robot, 0 to 232 (default: from the configuration)'],
        ['--config <file>', 'configuration file of the gateway (default: the file that `up` reads)'],
        ['--json', 'print the findings as JSON'],
      ],
      connection: [
        ['--url <address>', 'examine this running gateway instead of this machine'],
        ...IDENTITY_OPTION_LINES,
      ],
      examples: [
        ['doctor', 'examine this machine and its ROS 2 network'],
        ['doctor --url robot-01', 'examine a running gateway'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      ...CONNECTION_OPTIONS,
      domain: { type: 'string' },
      config: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const { url, domain, config, json } = values;
    if (url !== undefined && (domain !== undefined || config !== undefined)) {
      throw new CommandFailed(
        '--url examines a running gateway with its own domain and configuration: remove --domain and --config',
        ExitCode.usage,
      );
    }
    // Without --url, examines this machine and ignores MEDKIT_URL.
    const result =
      url === undefined
        ? await (await import('./examine-this-machine.ts')).examineThisMachine({ domain, config })
        : await askGateway(values, async (client) => {
            const [health, { items }] = await Promise.all([
              client.call('getHealth', {}),
              client.call('listAllFaults', {}),
            ]);
            return report(
              health,
              [
                ...healthFindings(health.warnings),
                ...faultFindings(items),
                ...tlsFindings(client.url),
                ...accountFindings(health['x-medkit-accounts']),
              ],
              [],
            );
          });
    if (json) console.log(JSON.stringify(result, null, 2));
    else for (const line of reportLines(result)) console.log(line);
    return isWrong(result) ? ExitCode.failed : ExitCode.ok;
  },
};
