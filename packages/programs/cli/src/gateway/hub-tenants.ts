import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { readHub } from './hub-config.ts';

/** `medkit hub tenants`: lists the tenants of a hub on this machine. */
export const hubTenants: CommandProgram = {
  help: () =>
    helpText({
      usage: 'hub tenants',
      about: [
        'Lists the tenants of a hub on this machine with their host names, the number of their robots, and whether a hub',
        'of the tenant runs. Reads the configuration and the data folders; a tenant on PostgreSQL has no number of robots.',
      ],
      options: [
        ['--data-dir <folder>', 'data folder of the hub (default: from the configuration)'],
        ['--config <file>', 'configuration file of the hub (default: the file that `up` reads)'],
        ['--json', 'print the list as JSON'],
      ],
      examples: [['hub tenants --config tenants.yaml', 'list the tenants that this file declares']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      'data-dir': { type: 'string' },
      config: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const { json, ...flags } = values as Readonly<Record<string, string | undefined>> & { readonly json?: boolean };
    const { table } = await import('../terminal/table.ts');
    const { tenantState } = await import('@medkit/gateway/tenant-state');
    const tenants = await Promise.all(
      (await readHub(flags)).tenants.map(async ({ name, hosts, loaded }) => ({
        name,
        hosts,
        ...(await tenantState(loaded.config)),
      })),
    );
    if (json) console.log(JSON.stringify(tenants));
    else if (tenants.length === 0) console.log('This hub has no tenants: fleet.tenants is empty');
    else
      console.log(
        table(
          ['NAME', 'STATE', 'ROBOTS', 'HOSTS'],
          tenants.map(({ name, state, robots, hosts }) => [name, state, `${robots ?? '-'}`, hosts.join(' ')]),
        ),
      );
    return ExitCode.ok;
  },
};
