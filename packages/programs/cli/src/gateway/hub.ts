import { configHelp, defaultConfigFile } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { helpText } from '../command/help-text.ts';
import { hubEnvironment } from './hub-config.ts';
import { foldersOf } from './read-config.ts';
import { runGateway } from './up.ts';

/** `medkit hub`: runs a gateway as a fleet hub, without ROS. */
export const hub: CommandProgram = {
  help: () =>
    [
      helpText({
        usage: 'hub [options]',
        about: [
          'Runs a fleet hub until Ctrl-C: robots connect to it from behind NAT, and it serves their state, their faults and their',
          'API (docs/guides/hub.md). It is the same program as medkit up, with fleet.enabled and without DDS.',
          'SIGHUP reloads certificates and accounts.',
        ],
        examples: [
          ['hub --host 0.0.0.0 --setup', 'serve on all addresses, and create the first user in the web UI'],
          ['hub --data-dir /var/lib/medkit-hub --port 8090', 'use a separate folder, beside a gateway on this machine'],
          ['hub --config tenants.yaml', 'serve one separate hub for each tenant in fleet.tenants'],
          ['hub --set server.public_url=https://hub.example.com', 'create invitations with the address behind a proxy'],
        ],
      }),
      '',
      'Options:',
      configHelp(),
    ].join('\n'),

  run: (args) => runGateway(args, { ...process.env, ...hubEnvironment }, defaultConfigFile(foldersOf(process.env))),
};
