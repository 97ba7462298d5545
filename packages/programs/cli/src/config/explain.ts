import { systemFiles } from '@medkit/edges/node';
import { defaultConfigFile, explainConfig } from '@medkit/gateway';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { foldersOf } from '../gateway/read-config.ts';
import { explanationJson, explanationLines } from './explanation-lines.ts';

/** `medkit config explain`: what a gateway would make of its configuration. */
export const explain: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} config explain [file] [options]`,
      '',
      'Says what medkit makes of a configuration file, or of a parameter file of a fault manager: every setting that is set with its value',
      'and where that comes from, what the values mean for faults, and everything that does not count as it was written.',
      'Without a file it is the one that `up` would read here. Nothing is started. Ends with 0 where all counts as it was',
      `written, with ${ExitCode.failed} otherwise.`,
      '',
      columns([
        ['--all', 'what has its default as well'],
        ['--json', 'everything, for programs'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, { json: { type: 'boolean' }, all: { type: 'boolean' } });
    const [file, ...others] = positionals;
    expectNoWords(others);
    const folders = foldersOf(process.env);
    const explanation = await explainConfig({
      files: systemFiles,
      folders,
      flags: { config: file },
      defaultFile: defaultConfigFile(folders),
    });
    const lines =
      values['json'] === true
        ? [explanationJson(explanation)]
        : explanationLines(explanation, { all: values['all'] === true });
    for (const line of lines) console.log(line);
    return explanation.problems.length === 0 ? ExitCode.ok : ExitCode.failed;
  },
};
