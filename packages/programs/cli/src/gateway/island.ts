import { fileURLToPath } from 'node:url';
import { configHelp } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { helpText } from '../command/help-text.ts';
import { runGateway } from './up.ts';

/** Default configuration file of an island gateway. */
const islandConfigurationFile = fileURLToPath(new URL('island.yaml', import.meta.url));

/** Settings that every island gateway has, independent of its configuration file. */
const islandEnvironment = { MEDKIT_ROS_ENABLED: 'false', MEDKIT_ISLAND_ENABLED: 'true' } as const;

/** `medkit island`: runs a gateway for a runtime without ROS, which sends its state with the ingest protocol. */
export const island: CommandProgram = {
  help: () =>
    [
      helpText({
        usage: 'island [options]',
        about: [
          'Runs a gateway for a runtime without ROS 2, such as a safety controller, until Ctrl-C. The runtime sends its state with the',
          'ingest protocol (docs/ingest.md); the gateway serves it over REST. No DDS code is loaded. The gateway only observes: it',
          'sends nothing to the runtime, and is not part of a safety function.',
          '',
          `Configuration file, unless --config names another: ${islandConfigurationFile}`,
        ],
      }),
      '',
      'Options:',
      configHelp(),
    ].join('\n'),

  run: (args) => runGateway(args, { ...process.env, ...islandEnvironment }, islandConfigurationFile),
};
