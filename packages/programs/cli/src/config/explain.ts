import { systemFiles } from '@medkit/edges/node';
import { defaultConfigFile, explainConfig } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { foldersOf } from '../gateway/read-config.ts';
import { explanationJson, explanationLines } from './explanation-lines.ts';

/** `medkit config explain`: shows the effective configuration of a gateway. */
export const explain: CommandProgram = {
  help: () =>
    helpText({
      usage: 'config explain [file]',
      about: [
        'Shows the effective settings of a configuration file, or of a parameter file of a fault manager: the value and origin of',
        'each setting, what the values mean for faults, and each entry that has no effect or another effect than written.',
        'Without a file, explains the configuration that `up` would use. Starts nothing.',
        `Exit code: 0 if every entry takes effect as written, ${ExitCode.failed} otherwise.`,
      ],
      options: [
        ['--all', 'also show settings that have their default value'],
        ['--json', 'print the result as JSON'],
      ],
      examples: [
        ['config explain', 'the configuration that `up` would use'],
        ['config explain robot.yaml --all', 'every setting of a file, defaults included'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      json: { type: 'boolean' },
      all: { type: 'boolean' },
    });
    const [file, ...others] = positionals;
    expectNoArguments(others);
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
