import { join } from 'node:path';
import { createClient } from '@medkit/client';
import { DEMO_DOMAIN_ID, demoEnvironment, openDemoFolder, refuseSecondDemo, removeDemoFolder } from '@medkit/demo';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoArguments, parseArguments, readInteger } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { medkitVersion } from '../command/version.ts';
import { gatewayAddresses } from '../gateway/gateway-addresses.ts';
import { type ChildProgram, runProgram, startProgram } from './child-program.ts';
import { readDomain } from './demo-domain.ts';
import { freePort } from './free-port.ts';

const HUB_PORT = 8080;
const DEFAULT_ROBOTS = '3';
/** Each robot takes half a core while it starts. */
const MAX_ROBOTS = 10;
const SITES = ['berlin', 'hamburg'];

/** `medkit demo hub`: runs a fleet hub, and simulated robots that enrol at it. */
export const demoHub: CommandProgram = {
  help: () =>
    helpText({
      usage: 'demo hub',
      about: [
        'Runs a fleet hub and simulated robots until Ctrl-C. The robots enrol at the hub and connect to it, each with its own gateway',
        `and DDS domain (${DEMO_DOMAIN_ID} and following) on loopback.`,
      ],
      options: [
        ['--robots <number>', `number of robots, 1 to ${MAX_ROBOTS} (default ${DEFAULT_ROBOTS})`],
        ['--port <port>', `port of the hub (default ${HUB_PORT}; 0 for any)`],
        [
          '--domain <id>',
          `DDS domain of the first robot (default ${DEMO_DOMAIN_ID}); the others have the following ones`,
        ],
      ],
      examples: [['demo hub', 'start a hub with three robots, then open http://127.0.0.1:8080/fleet']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      robots: { type: 'string', default: DEFAULT_ROBOTS },
      port: { type: 'string' },
      domain: { type: 'string' },
    });
    expectNoArguments(positionals);
    const robots = readInteger('robots', values.robots, MAX_ROBOTS);
    if (robots === 0) throw new CommandFailed('--robots: expected at least one robot', ExitCode.usage);
    const typedPort = values.port === undefined ? undefined : readInteger('port', values.port, 65_535);
    const port = typedPort === undefined || typedPort === 0 ? await freePort(typedPort ?? HUB_PORT) : typedPort;
    const domain = readDomain(values);
    const stopped = untilStopped(process.env);
    const command = `${invocation(process.env)} demo hub`;
    for (let n = 0; n < robots; n++) {
      const environment = demoEnvironment(process.env, DEMO_DOMAIN_ID);
      await refuseSecondDemo(environment, domain + n, command).catch((error: Error) => {
        throw new CommandFailed(error.message, ExitCode.demoState);
      });
    }
    await using resources = new AsyncDisposableStack();
    const folder = openDemoFolder();
    resources.defer(() => removeDemoFolder(folder));
    const url = `http://127.0.0.1:${port}`;
    const hub = startProgram(['hub', '--port', String(port), '--data-dir', join(folder, 'hub')], `${url}/`);
    resources.defer(() => hub.stop());
    await Promise.race([hub.ready, stopped]);
    const onStarted = (robot: ChildProgram) => resources.defer(() => robot.stop());
    const started = startRobots({ url, folder, robots, domain }, onStarted);
    // The stop of the programs makes it fail.
    started.catch(() => undefined);
    const isStopped = await Promise.race([started.then(() => false), stopped.then(() => true)]);
    if (isStopped) return ExitCode.ok;
    console.log(hubSummary(url, robots, domain));
    const hubExited = hub.ended.then(() => {
      throw new CommandFailed('the hub exited unexpectedly');
    });
    await Promise.race([stopped, hubExited]);
    return ExitCode.ok;
  },
};

interface HubRobots {
  /** Address of the hub. */
  readonly url: string;
  /** Folder of the data folders of the robots. */
  readonly folder: string;
  readonly robots: number;
  /** DDS domain of the first robot. */
  readonly domain: number;
}

/** Enrols and starts robots, one after the other. A robot that fails to start is reported, and the others start. */
async function startRobots(
  { url, folder, robots, domain }: HubRobots,
  onStarted: (robot: ChildProgram) => void,
): Promise<void> {
  const client = createClient({ url });
  for (let n = 0; n < robots; n++) {
    const robot = `amr-${n + 1}`;
    const dataFolder = join(folder, robot);
    console.log(`medkit: starting the robot ${robot} …`);
    const { link } = await client.call('createFleetInvitation', {
      body: { robot, site: SITES[n % SITES.length]!, auto_approve: true },
    });
    await runProgram(['enrol', link, '--yes', '--data-dir', dataFolder]);
    const port = await freePort(0);
    const started = startProgram(
      [
        ...['demo', '--lite', '--port', String(port), '--data-dir', dataFolder],
        ...['--domain', String(domain + n), '--seed', String(n + 1)],
      ],
      `http://127.0.0.1:${port}/`,
    );
    onStarted(started);
    await started.ready.catch((error: Error) => printError(`warning: ${robot} failed to start: ${error.message}`));
  }
}

function hubSummary(url: string, robots: number, domain: number): string {
  const medkit = invocation(process.env);
  const hub = url === `http://127.0.0.1:${HUB_PORT}` ? '' : ` --url ${url}`;
  return [
    `medkit ${medkitVersion()}: a fleet hub with ${robots === 1 ? 'one robot' : `${robots} robots`}`,
    '',
    gatewayAddresses(url, [
      ['Fleet', `${url}/fleet`],
      ['A robot', `${url}/fleet/amr-1/`],
    ]),
    '',
    'Try in another shell:',
    `  ${medkit} fleet${hub}`,
    `  ${medkit} faults --robot amr-1${hub}`,
    `  ${medkit} demo inject obstacle${domain === DEMO_DOMAIN_ID ? '' : ` --domain ${domain}`}`,
    '',
    'Ctrl-C ends the hub and the robots.',
  ].join('\n');
}
