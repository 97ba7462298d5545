import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@medkit/client';
import { systemFiles } from '@medkit/edges/node';
import { systemClock } from '@medkit/edges/node/clock';
import {
  configFlags,
  configHelp,
  defaultConfigFile,
  type Environment,
  type GatewayConfig,
  type RunningGateway,
} from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { untilUncaught } from '../command/until-uncaught.ts';
import { medkitVersion } from '../command/version.ts';
import { gatewayAddresses } from './gateway-addresses.ts';
import { summariseGraph, summaryLines } from './graph-summary.ts';
import { processHeap, saveIdleMemory } from './idle-memory.ts';
import { loopbackSend } from './loopback-send.ts';
import { foldersOf, readConfig } from './read-config.ts';
import { serve, serveTenants, standBy } from './serve.ts';

/** Delay of the summary: by then every regularly announcing node is discovered. */
const SUMMARY_AFTER_MS = 5000;
const ANSWER_MS = 3000;

/** Variables besides ROS_DOMAIN_ID that determine the discovery range. */
const RANGE_VARIABLES = ['ROS_AUTOMATIC_DISCOVERY_RANGE', 'ROS_LOCALHOST_ONLY', 'ROS_STATIC_PEERS'];

/** The domain and its discovery range. */
function describeDomain(environment: Environment, domainId: number): string {
  const reach = RANGE_VARIABLES.filter((name) => environment[name]).map((name) => `${name}=${environment[name]}`);
  return `DDS domain ${domainId} (${reach.length > 0 ? reach.join(' ') : 'the local network'})`;
}

/** The runtimes that the gateway uses. */
function describeRuntimes({ ros, island, fleet }: GatewayConfig, environment: Environment): string {
  const graph = ros.enabled ? `joined ${describeDomain(environment, ros.domain_id)}` : 'runs without ROS (ros.enabled)';
  if (fleet.tenants.length > 0) return `runs the fleet hubs of ${fleet.tenants.length} tenants`;
  if (fleet.enabled && !ros.enabled) return 'runs as a fleet hub';
  return island.enabled ? `${graph} and receives island state at ${island.listen}` : graph;
}

/** Prints after some seconds what was discovered, with warnings. */
async function printSummary(
  { url, processToken }: Pick<RunningGateway, 'processToken' | 'url'>,
  { ros }: GatewayConfig,
  signal: AbortSignal,
): Promise<void> {
  try {
    await delay(SUMMARY_AFTER_MS, undefined, { signal, ref: false });
    const summary = await summariseGraph(
      createClient({ url, token: processToken, timeoutMs: ANSWER_MS, send: loopbackSend(ANSWER_MS) }),
    );
    for (const line of summaryLines(summary, url, ros.enabled)) console.log(line);
  } catch (error) {
    if (!signal.aborted) printError(`cannot summarize the ROS 2 graph: ${(error as Error).message}`);
  }
}

/** `medkit up`: runs the gateway on the ROS 2 network. */
export const up: CommandProgram = {
  help: () =>
    [
      helpText({
        usage: 'up [options]',
        about: [
          'Joins the ROS 2 network of this machine as a node and serves the robot over REST until Ctrl-C. As for any ROS 2 node,',
          'ROS_DOMAIN_ID, ROS_AUTOMATIC_DISCOVERY_RANGE, ROS_LOCALHOST_ONLY and ROS_STATIC_PEERS select the network.',
          'SIGHUP reloads certificates and accounts.',
        ],
        examples: [
          ['up', 'serve on http://127.0.0.1:8080'],
          ['up --host 0.0.0.0 --setup', 'serve on all addresses, and create the first user in the web UI'],
          ['up --config robot.yaml --set logs.buffer_size=500', 'use a configuration file, and override one setting'],
        ],
      }),
      '',
      'Options:',
      configHelp(),
    ].join('\n'),

  run: (args) => runGateway(args, process.env, defaultConfigFile(foldersOf(process.env))),
};

/**
 * Runs a gateway with these options and this environment until it is stopped, and prints its addresses and a summary. Reads
 * `defaultFile` if it exists and the options name no other file.
 */
export async function runGateway(
  args: readonly string[],
  environment: Environment,
  defaultFile: string,
): Promise<ExitCode> {
  let running: (Pick<RunningGateway, 'close' | 'reload' | 'url'> & Partial<RunningGateway>) | undefined;
  const onReload = () => void running?.reload();
  const over = Promise.race([untilStopped(process.env, { onReload }), untilUncaught()]);
  // It may reject while the gateway starts; the startup is awaited first.
  over.catch(() => undefined);
  const { values: flags, positionals } = await parseArguments(args, configFlags);
  expectNoArguments(positionals);
  const loaded = await readConfig({ environment, flags, defaultFile });
  const { config, file } = loaded;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  over.then(end, end);
  const { isFree, held } = await standBy(config, environment, ending.signal);
  if (!isFree) {
    await over;
    return ExitCode.ok;
  }
  const hasTenants = config.fleet.tenants.length > 0;
  const sources = { files: systemFiles, folders: foldersOf(environment), flags, defaultFile };
  running = hasTenants ? await serveTenants(loaded, sources) : await serve(loaded, environment, held);
  const { url, processToken, close } = running;
  if (file !== undefined) console.log(`medkit: configuration from ${file}`);
  console.log(`medkit ${medkitVersion()} ${describeRuntimes(config, environment)}\n\n${gatewayAddresses(url)}\n`);
  const stopSaving = saveIdleMemory({ clock: systemClock, ...processHeap() });
  // A hub has no robot of its machine.
  if (processToken !== undefined && (config.ros.enabled || !config.fleet.enabled))
    void printSummary({ url, processToken }, config, ending.signal);
  try {
    const outdated = await Promise.race([over, ...(running.outdated ? [running.outdated] : [])]);
    // A failure, so that a service manager starts it again.
    if (outdated !== undefined) throw new CommandFailed(outdated);
  } finally {
    end();
    stopSaving();
    await close();
  }
  return ExitCode.ok;
}
