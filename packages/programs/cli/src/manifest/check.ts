import { resolve } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { loadManifest } from '@medkit/manifest';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { checkJson, checkLines } from './check-lines.ts';

/** `medkit manifest check`: whether a gateway would take a manifest, and everything that is wrong with it. */
export const check: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} manifest check <file> [options]`,
      '',
      'Judges a manifest as a gateway would at its start, and says what is wrong by rule, file and line. Nothing is started.',
      `Ends with 0 where a gateway would take it, with ${ExitCode.failed} otherwise.`,
      '',
      columns([
        ['--fragments <folder>', 'with the fragments of this folder (discovery.manifest.fragments_dir)'],
        ['--inventory <file>', 'with this inventory (discovery.inventory.csv_path)'],
        ['--lenient', 'warnings do not refuse it (discovery.manifest_strict_validation: false)'],
        ['--json', 'the same for programs'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      fragments: { type: 'string' },
      inventory: { type: 'string' },
      lenient: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [file, ...others] = positionals;
    expectNoWords(others);
    if (file === undefined) throw new CommandFailed('which manifest? See --help', ExitCode.usage);
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
