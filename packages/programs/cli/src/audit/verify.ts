import { type AuditVerdict, verifyAuditFile } from '@medkit/gateway';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { parseWords } from '../command/parse-words.ts';
import { auditLogFile, LOG_OPTION_LINES, LOG_OPTIONS } from './audit-words.ts';

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
      columns(LOG_OPTION_LINES),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, LOG_OPTIONS);
    const path = await auditLogFile(positionals, values);
    const verdict = verifyAuditFile(path);
    for (const line of verdictLines(path, verdict)) console.log(line);
    return verdict.intact ? ExitCode.ok : ExitCode.auditBroken;
  },
};

const records = (count: number): string => (count === 1 ? '1 record' : `${count} records`);

/** What a person is told of the audit log in the file at `path`. */
export function verdictLines(path: string, verdict: AuditVerdict): readonly string[] {
  const { intact, checked, badSeq, problem } = verdict;
  if (intact) return [checked === 0 ? `${path}: empty` : `${path}: ${records(checked)}, all as they were written`];
  return [
    `${path}: NOT as it was written`,
    `record ${badSeq}: ${problem}`,
    // The one at which the walk ends is among those that were looked at.
    `${records(Math.max(0, checked - 1))} before it in order; what comes after it was not looked at`,
  ];
}
