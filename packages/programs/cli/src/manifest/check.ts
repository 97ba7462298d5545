import { resolve } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { loadManifest } from '@medkit/manifest';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { checkJson, checkLines } from './check-lines.ts';

/** `medkit manifest check`: reports whether a gateway accepts a manifest, and its problems. */
export const check: CommandProgram = {
  help: () =>
    helpText({
      usage: 'manifest check <file>',
      about: [
        'Checks a manifest as the gateway does at startup, and prints each problem with rule, file and line. Starts nothing.',
        `Exit code: 0 if a gateway accepts the manifest, ${ExitCode.failed} otherwise.`,
      ],
      options: [
        ['--fragments <folder>', 'also load the fragments of this folder (discovery.manifest.fragments_dir)'],
        ['--inventory <file>', 'also load this inventory (discovery.inventory.csv_path)'],
        ['--lenient', 'accept a manifest with warnings (discovery.manifest_strict_validation: false)'],
        ['--json', 'print the result as JSON'],
      ],
      examples: [
        ['manifest check robot.yaml', 'check one file'],
        ['manifest check robot.yaml --fragments fragments --json', 'check it with its fragments, for a CI job'],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      fragments: { type: 'string' },
      inventory: { type: 'string' },
      lenient: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [file, ...others] = positionals;
    expectNoArguments(others);
    if (file === undefined) throw new CommandFailed('missing argument: the manifest file. See --help', ExitCode.usage);
    const pathOf = (value: unknown) => (typeof value === 'string' ? resolve(value) : '');
    const loaded = await loadManifest({
      files: systemFiles,
      paths: {
        manifest: resolve(file),
        fragmentsFolder: pathOf(values['fragments']),
        inventory: pathOf(values['inventory']),
      },
      strict: values['lenient'] !== true,
    });
    const lines = values['json'] === true ? [checkJson(file, loaded)] : checkLines(loaded);
    for (const line of lines) console.log(line);
    return loaded.manifest ? ExitCode.ok : ExitCode.failed;
  },
};
