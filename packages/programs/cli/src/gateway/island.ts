import { fileURLToPath } from 'node:url';
import { configHelp } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { invocation } from '../command/invocation.ts';
import { runGateway } from './up.ts';

/** The configuration of a gateway to an island, unless another one is named. */
const islandConfigurationFile = fileURLToPath(new URL('island.yaml', import.meta.url));

/** What makes a gateway one to an island, whatever configuration it has. */
const islandEnvironment = { MEDKIT_ROS_ENABLED: 'false', MEDKIT_ISLAND_ENABLED: 'true' } as const;

/** `medkit island`: a gateway to a runtime that is not ROS, which tells of itself by the ingest. */
export const island: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} island [options]`,
      '',
      'Takes in what a runtime outside of ROS, such as a safety controller, tells of itself (docs/ingest.md), and serves it over',
      'REST until Ctrl-C. Nothing of DDS is loaded. It observes: it certifies nothing, and nothing goes back to the runtime.',
      '',
      `Unless --config names another, its configuration is ${islandConfigurationFile}`,
      '',
      configHelp(),
    ].join('\n'),

  run: (words) => runGateway(words, { ...process.env, ...islandEnvironment }, islandConfigurationFile),
};
