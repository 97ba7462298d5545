import { systemClock, systemFiles, systemHttpClient, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { readOneHub, tenantOption } from './hub-config.ts';

/** `medkit hub check`: examines what a hub needs on its machine. */
export const hubCheck: CommandProgram = {
  help: () =>
    helpText({
      usage: 'hub check',
      about: [
        'Examines, on the machine of a hub, what the hub needs: its secret, its database, the store of its evidence, in which it',
        'writes and removes a small file, whether server.public_url answers and accepts robots, the other hub, and the servers of NATS.',
        `The hub may be running, or be a standby. \`medkit doctor --url\` shows the warnings of a running hub. Exit code: 0 without a problem, ${ExitCode.failed} otherwise.`,
      ],
      options: [
        ['--data-dir <folder>', 'data folder of the hub (default: from the configuration)'],
        ['--config <file>', 'configuration file of the hub (default: the file that `up` reads)'],
        tenantOption,
        ['--json', 'print the results as JSON'],
      ],
      examples: [['hub check --config hub.yaml', 'examine the hub of this configuration']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      'data-dir': { type: 'string' },
      config: { type: 'string' },
      tenant: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectNoArguments(positionals);
    const { tenant, 'data-dir': folder, config: file } = values as Readonly<Record<string, string | undefined>>;
    const config = await readOneHub({ 'data-dir': folder, config: file }, tenant);
    const { checkHub } = await import('@medkit/gateway/hub-check');
    const checks = await checkHub({
      config,
      files: { ...systemFiles, ...systemWritableFiles },
      clock: systemClock,
      random: systemRandom,
      http: systemHttpClient,
    });
    const findings = checks.flatMap(({ findings, subject }) => findings.map((finding) => ({ subject, ...finding })));
    if (values.json) console.log(JSON.stringify(findings, null, 2));
    else {
      const rows = findings.map(({ subject, state, text }) => [state, subject, text]);
      console.log(columns(rows));
      for (const { remedy, subject } of findings) if (remedy !== undefined) console.log(`\n${subject}: ${remedy}`);
    }
    return findings.every(({ state }) => state === 'ok') ? ExitCode.ok : ExitCode.failed;
  },
};
