import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTIONS, IDENTITY_OPTION_LINES } from '../remote/connection.ts';
import { accountFindings } from './findings/account-findings.ts';
import { faultFindings } from './findings/fault-findings.ts';
import { healthFindings } from './findings/health-findings.ts';
import { tlsFindings } from './findings/tls-findings.ts';
import { isWrong, report, reportLines } from './report.ts';

/** `medkit doctor`: what a gateway would hear here, or hears, and what keeps it from hearing more. */
export const doctor: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} doctor [options]`,
      '',
      'Joins the robot as `up` does for some seconds, serves nothing, looks at this machine, and says what is heard, what is',
      'wrong and what to do about it. Ends with 0 where nothing is wrong, with 1 otherwise.',
      '',
      columns([
        ['--domain <integer>', 'DDS domain of the robot'],
        ['--config <file>', 'configuration of the gateway'],
        ['--json', 'print what was found as JSON'],
        ['--url <address>', 'ask a gateway that is running instead of joining'],
        ...IDENTITY_OPTION_LINES,
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      ...CONNECTION_OPTIONS,
      domain: { type: 'string' },
      config: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoWords(positionals);
    const { url, domain, config, json } = values;
    if (url !== undefined && (domain !== undefined || config !== undefined)) {
      throw new CommandFailed(
        '--url asks a gateway with its own domain and configuration: leave --domain and --config out',
        ExitCode.usage,
      );
    }
    // Without --url it is about this machine, whatever MEDKIT_URL says.
    const told =
      url === undefined
        ? await (await import('./examine-here.ts')).examineHere({ domain, config })
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
    if (json) console.log(JSON.stringify(told, null, 2));
    else for (const line of reportLines(told)) console.log(line);
    return isWrong(told) ? ExitCode.failed : ExitCode.ok;
  },
};
