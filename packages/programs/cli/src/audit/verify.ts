import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { type OptionValues, parseWords } from '../command/parse-words.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTIONS, IDENTITY_OPTION_LINES } from '../remote/connection.ts';
import { auditLogFile, LOG_OPTION_LINES, LOG_OPTIONS, namesLog } from './audit-words.ts';
import { gatewayVerdictLines, isBroken } from './peer-lines.ts';
import { verdictLines } from './verdict-lines.ts';

/** `medkit audit verify`: whether the audit log is as it was written. */
export const verify: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} audit verify [file] [options]`,
      '',
      'Walks the audit log, of requests and of faults, from its oldest record to its newest and says whether each is as it was',
      'written, in its place, and none is missing. The log is only read, also while a gateway writes to it. Without a file it is',
      `the one of the gateway's configuration. Ends with 0 where nothing is wrong, with ${ExitCode.auditBroken} where the log was tampered with, with`,
      `${ExitCode.failed} where it cannot be read.`,
      '',
      'With --url the gateway walks its log, and has each gateway that it shows walk its own; it knows whether these go on from what',
      `it has seen of them. Ends with ${ExitCode.unavailable} where one of them does not answer and nothing else is wrong.`,
      '',
      columns([...LOG_OPTION_LINES, ['--url <address>', 'ask a gateway that is running'], ...IDENTITY_OPTION_LINES]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, { ...LOG_OPTIONS, ...CONNECTION_OPTIONS });
    if (values.url !== undefined) return verifyAtGateway(positionals, values, String(values.url));
    const { verifyAuditFile } = await import('@medkit/gateway');
    const path = await auditLogFile(positionals, values);
    const verdict = verifyAuditFile(path);
    for (const line of verdictLines(path, verdict)) console.log(line);
    return verdict.intact ? ExitCode.ok : ExitCode.auditBroken;
  },
};

async function verifyAtGateway(words: readonly string[], values: OptionValues, url: string): Promise<ExitCode> {
  if (words.length > 0 || namesLog(values)) {
    throw new CommandFailed('--url asks a gateway, which has a log of its own: name no other', ExitCode.usage);
  }
  const verdict = await askGateway(values, (client) => client.call('verifyAuditLog', {}));
  for (const line of gatewayVerdictLines(url, verdict)) console.log(line);
  if (isBroken(verdict)) return ExitCode.auditBroken;
  return verdict['x-medkit']?.partial ? ExitCode.unavailable : ExitCode.ok;
}
