import { resolve } from 'node:path';
import { systemClock, systemFiles } from '@medkit/edges/node';
import { StartRefused } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { readOneHub, tenantOption } from './hub-config.ts';

/** `medkit hub import`: copies the record of a hub from files into PostgreSQL. */
export const hubImport: CommandProgram = {
  help: () =>
    helpText({
      usage: 'hub import',
      about: [
        'Copies the record of a stopped hub from the files of its data folder into the database that fleet.database names: robots,',
        'accounts, audit log, incidents, notifications and webhooks. Everything is one transaction: after a failure, nothing is',
        'imported. The files stay. The database must be empty.',
      ],
      options: [
        ['--from <folder>', 'data folder of the hub (default: from the configuration)'],
        ['--config <file>', 'configuration file of the hub (default: the file that `up` reads)'],
        tenantOption,
        ['--json', 'print the tables with their numbers of rows as JSON'],
      ],
      examples: [['hub import --from /var/lib/medkit-hub', 'copy the files of this folder']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      from: { type: 'string' },
      config: { type: 'string' },
      tenant: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const { from, tenant, config: file } = values as Readonly<Record<string, string | undefined>>;
    const config = await readOneHub({ 'data-dir': from, config: file }, tenant);
    if (config.fleet.database === 'sqlite') {
      throw new CommandFailed(
        'fleet.database is sqlite: set it to the URL of a database of PostgreSQL, or to a file with the URL',
        ExitCode.configuration,
      );
    }
    const { importHub } = await import('@medkit/gateway/hub-files');
    const tables: { readonly schema: string; readonly name: string; readonly rows: number }[] = [];
    try {
      await importHub(
        { config, files: systemFiles, clock: systemClock, log: (level, text) => printError(`${level}: ${text}`) },
        (table) => {
          tables.push(table);
          if (!values.json && table.rows > 0) console.log(`${table.schema}.${table.name}: ${table.rows} rows`);
        },
      );
    } catch (error) {
      if (error instanceof StartRefused) throw new CommandFailed(error.message, ExitCode.failed);
      throw error;
    }
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    if (values.json) console.log(JSON.stringify({ tables, rows }));
    else
      console.log(
        `Imported ${rows} rows of ${tables.length} tables. Keep ${resolve(config.data_dir, 'fleet.secret')}: the hub needs it.`,
      );
    return ExitCode.ok;
  },
};
