import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { type OptionValues, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTIONS, IDENTITY_OPTION_LINES } from '../remote/connection.ts';
import { auditLogFile, LOG_OPTION_LINES, LOG_OPTIONS, selectsLog } from './log-options.ts';
import { gatewayVerdictLines, isBroken } from './peer-lines.ts';
import { verdictLines } from './verdict-lines.ts';

/** `medkit audit verify`: verifies that the audit log was not tampered with. */
export const verify: CommandProgram = {
  help: () =>
    helpText({
      usage: 'audit verify [file]',
      about: [
        'Verifies the audit log from its oldest to its newest record: each record is unchanged and in place, and none is missing.',
        'The log is only read, also while a gateway writes to it. Without a file, verifies the log that the configuration names.',
        `Exit code: 0 if the log is intact, ${ExitCode.auditBroken} if it was tampered with, ${ExitCode.failed} if it cannot be read.`,
        '',
        'With --url, the running gateway verifies its log, and each gateway that it aggregates verifies its own. The gateway also',
        'checks that those logs continue from the records that it has seen before.',
        `Exit code ${ExitCode.unavailable}: another gateway does not answer, and no other log has a problem.`,
      ],
      options: [...LOG_OPTION_LINES],
      connection: [['--url <address>', 'ask this running gateway instead of reading a file'], ...IDENTITY_OPTION_LINES],
      examples: [
        ['audit verify', 'the log of the gateway on this machine'],
        ['audit verify --url robot-01', 'the logs of a gateway and of the gateways that it aggregates'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, { ...LOG_OPTIONS, ...CONNECTION_OPTIONS });
    if (values.url !== undefined) return verifyAtGateway(positionals, values, String(values.url));
    const { verifyAuditFile } = await import('@medkit/gateway');
    const path = await auditLogFile(positionals, values);
    const verdict = verifyAuditFile(path);
    for (const line of verdictLines(path, verdict)) console.log(line);
    return verdict.intact ? ExitCode.ok : ExitCode.auditBroken;
  },
};

async function verifyAtGateway(args: readonly string[], values: OptionValues, url: string): Promise<ExitCode> {
  if (args.length > 0 || selectsLog(values)) {
    throw new CommandFailed(
      '--url reads the log of a running gateway: remove the log file, --data-dir and --config',
      ExitCode.usage,
    );
  }
  const verdict = await askGateway(values, (client) => client.call('verifyAuditLog', {}));
  for (const line of gatewayVerdictLines(url, verdict)) console.log(line);
  if (isBroken(verdict)) return ExitCode.auditBroken;
  return verdict['x-medkit']?.partial ? ExitCode.unavailable : ExitCode.ok;
}
