import { resolve } from 'node:path';
import { systemFiles } from '@medkit/edges/node';
import { type GatewayConfig, StartRefused } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { readOneHub, tenantOption } from './hub-config.ts';

/** `medkit hub backup`: copies the databases of a hub, or says how to copy that of PostgreSQL. */
export const hubBackup: CommandProgram = {
  help: () =>
    helpText({
      usage: 'hub backup',
      about: [
        'Writes a copy of each database of a hub into a folder, also while the hub runs, and lists what else to copy. If',
        'fleet.database names a database of PostgreSQL, writes nothing and prints the command that copies it.',
      ],
      options: [
        ['--to <folder>', 'folder of the copies, created if it is absent'],
        ['--data-dir <folder>', 'data folder of the hub (default: from the configuration)'],
        ['--config <file>', 'configuration file of the hub (default: the file that `up` reads)'],
        tenantOption,
        ['--json', 'print the paths as JSON'],
      ],
      examples: [['hub backup --to /backup/2026-11-28', 'copy the databases of the hub on this machine']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      to: { type: 'string' },
      'data-dir': { type: 'string' },
      config: { type: 'string' },
      tenant: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const { to, tenant, 'data-dir': folder, config: file } = values as Readonly<Record<string, string | undefined>>;
    const config = await readOneHub({ 'data-dir': folder, config: file }, tenant);
    const others = otherFiles(config);
    const command = await dumpCommand(config);
    if (command !== undefined) {
      if (values.json) console.log(JSON.stringify({ command, others }));
      else console.log(`The record is in PostgreSQL. Copy it with:\n\n  ${command}\n\n${othersText(others)}`);
      return ExitCode.ok;
    }
    if (to === undefined) throw new CommandFailed('name the folder of the copies with --to', ExitCode.usage);
    const { backUpHub } = await import('@medkit/gateway/hub-files');
    try {
      const copies = await backUpHub({ config, files: systemFiles }, to);
      if (values.json) console.log(JSON.stringify({ copies, others }));
      else console.log(`${copies.join('\n')}\n\n${othersText(others)}`);
    } catch (error) {
      if (error instanceof StartRefused) throw new CommandFailed(error.message, ExitCode.failed);
      throw error;
    }
    return ExitCode.ok;
  },
};

/** Files of a hub that are in no database. */
function otherFiles({ data_dir, fleet }: GatewayConfig): readonly string[] {
  return [fleet.secret_file === '' ? resolve(data_dir, 'fleet.secret') : resolve(fleet.secret_file)];
}

const othersText = (others: readonly string[]): string =>
  `Copy these files, too, to a place that only you can read. Without them, no robot can connect:\n${others.map((path) => `  ${path}`).join('\n')}`;

/** Returns the command that copies the schemas of a hub; `undefined` if they are files. */
async function dumpCommand(config: GatewayConfig): Promise<string | undefined> {
  const { database } = config.fleet;
  if (database === 'sqlite') return undefined;
  const { hubSchemas } = await import('@medkit/gateway/hub-files');
  const schemas = hubSchemas(config).map((schema) => `--schema=${schema}`);
  const url = /^\w+:\/\//.test(database) ? "'<the URL in fleet.database>'" : `"$(cat ${resolve(database)})"`;
  return `pg_dump --format=custom ${schemas.join(' ')} --file=${config.fleet.schema}.dump ${url}`;
}
