import { fileURLToPath } from 'node:url';
import { configHelp } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { helpText } from '../command/help-text.ts';
import { runGateway } from './up.ts';

/** The configuration of a gateway to an island, unless another one is named. */
const islandConfigurationFile = fileURLToPath(new URL('island.yaml', import.meta.url));

/** What makes a gateway one to an island, whatever configuration it has. */
const islandEnvironment = { MEDKIT_ROS_ENABLED: 'false', MEDKIT_ISLAND_ENABLED: 'true' } as const;

/** `medkit island`: a gateway to a runtime that is not ROS, which tells of itself by the ingest. */
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

  run: (words) => runGateway(words, { ...process.env, ...islandEnvironment }, islandConfigurationFile),
};
