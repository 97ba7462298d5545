import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DEMO_DOMAIN_ID,
  DemoFailed,
  demoConfigurationFile,
  demoDiscovery,
  demoEnvironment,
  openDemoFolder,
  type RunningDemo,
  refuseSecondDemo,
  removeDemoFolder,
  startDemo,
  startGate,
  stationSettings,
  writeDemoAddress,
} from '@medkit/demo';
import type { RunningGateway } from '@medkit/gateway';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoArguments, type OptionValues, parseArguments, readInteger } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { untilUncaught } from '../command/until-uncaught.ts';
import { freePort } from './free-port.ts';

const DEFAULT_SEED = '1';
const MAX_SEED = 0xffff_ffff;
/** Default port of OPC UA servers (IANA); another one is used if it is taken. */
const PLC_PORT = 4840;
/** Ctrl-C also reaches the robot's process, which may exit before this process handles the signal. */
const SIGNAL_SLACK_MS = 300;
/** Maximum wait of the robot's gateway for the island's gateway, so that it does not start with an offline peer. */
const ISLAND_MS = 5000;
/** Interval of progress messages during startup. Most starts take less time. */
const PROGRESS_INTERVAL_MS = 5000;

/** Command that starts a demo here: `npm start --` or `medkit demo`. */
const demoCommand = (environment: NodeJS.ProcessEnv): string =>
  environment['npm_lifecycle_event'] === 'start' ? 'npm start --' : `${invocation(environment)} demo`;

/** Translates a start failure of the robot into a `CommandFailed` with its exit code. */
function asCommandFailure(error: unknown): unknown {
  if (!(error instanceof DemoFailed)) return error;
  const known = error.reason === 'DemoAlreadyRunning';
  return new CommandFailed(
    known ? error.message : `the demo robot failed to start: ${error.message}`,
    known ? ExitCode.demoState : ExitCode.failed,
  );
}

/** Throws `CommandFailed` if the fleet cannot run: its agent supports only the demo's own robot. */
function refuseFleet({ fleet, broker, config }: OptionValues): void {
  if (fleet && config !== undefined) {
    throw new CommandFailed('--fleet works only with the built-in demo configuration: remove --config', ExitCode.usage);
  }
  if (broker !== undefined && !fleet) {
    throw new CommandFailed('--broker requires --fleet', ExitCode.usage);
  }
}

/** Throws `CommandFailed` if the filling station cannot run: the demo's own manifest connects it to the robot. */
function refuseStation({ plc, config }: OptionValues): void {
  if (plc && config !== undefined) {
    throw new CommandFailed('--plc works only with the built-in demo configuration: remove --config', ExitCode.usage);
  }
}

/** Resolves when the user stops the demo. Throws if the robot exits unexpectedly. */
async function untilOver(robot: RunningDemo, stopped: Promise<void>): Promise<void> {
  const alone = robot.ended.then(async () => {
    await delay(SIGNAL_SLACK_MS);
    throw new CommandFailed('the demo robot exited unexpectedly');
  });
  await Promise.race([stopped, alone]);
}

/** Settings, as environment variables, with which the robot's gateway aggregates another gateway. */
function aggregating(name: string, url: string): Readonly<Record<string, string>> {
  return {
    MEDKIT_AGGREGATION_ENABLED: 'true',
    MEDKIT_AGGREGATION_PEER_URLS: url,
    MEDKIT_AGGREGATION_PEER_NAMES: name,
  };
}

/** An optional process of the demo. */
interface Part {
  readonly ready: Promise<unknown>;
  readonly ended: Promise<void>;
}

/** Resolves when `work` has settled, or after `ms` milliseconds. */
async function settledWithin(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  await Promise.race([Promise.allSettled([work]), delay(ms, undefined, { ref: false })]);
}

/** Returns whether a part has started. Prints a warning if it fails to start, or exits before the demo ends. */
async function isThere(name: string, { ready, ended }: Part, isOver: () => boolean): Promise<boolean> {
  try {
    await ready;
  } catch (error) {
    printError(`warning: ${name} failed to start: ${(error as Error).message}`);
    return false;
  }
  void ended.then(() => isOver() || printError(`warning: ${name} exited`));
  return true;
}

/** `medkit demo`: runs a simulated robot in a separate process, and a gateway. */
export const demo: CommandProgram = {
  async help() {
    const { configHelp } = await import('@medkit/gateway');
    return [
      helpText({
        usage: 'demo',
        about: [
          'Runs a simulated mobile robot (AMR) with a gateway until Ctrl-C. Its nodes are real DDS nodes on loopback. The safety gate',
          'of the robot runs in a separate process with its own gateway; the gateway of the robot aggregates that gateway.',
        ],
        options: [
          ['--lite', 'run only the robot and its gateway; implied by --config'],
          ['--fleet', 'also run a VDA 5050 fleet: MQTT broker, agent of the robot, second robot, fleet control'],
          ['--broker <url>', 'MQTT broker of the fleet, such as mqtt://127.0.0.1:1883 (default: a built-in broker)'],
          ['--plc', 'also run a filling station with a simulated OPC UA PLC'],
          ['--seed <integer>', `seed of the sensor noise, 0 to ${MAX_SEED} (default ${DEFAULT_SEED})`],
        ],
        examples: [
          ['demo', 'start the demo, then open http://127.0.0.1:8080/'],
          ['demo --fleet --port 9000', 'start the demo with a fleet, the gateway on port 9000'],
        ],
      }),
      '',
      `Gateway options (defaults of the demo: domain ${DEMO_DOMAIN_ID}, a temporary data folder, and the configuration file`,
      `${demoConfigurationFile}, which --config replaces):`,
      configHelp(),
    ].join('\n');
  },

  async run(args) {
    let isOver = false;
    let running: RunningGateway | undefined;
    let isStopped = false;
    const stopped = untilStopped(process.env, { onReload: () => void running?.reload() }).then(() => {
      isStopped = true;
    });
    const uncaught = untilUncaught();
    const { configFlags } = await import('@medkit/gateway');
    const { values, positionals } = await parseArguments(args, {
      ...configFlags,
      seed: { type: 'string', default: DEFAULT_SEED },
      lite: { type: 'boolean', default: false },
      fleet: { type: 'boolean', default: false },
      plc: { type: 'boolean', default: false },
      broker: { type: 'string' },
    });
    expectNoArguments(positionals);
    const { seed: seedText, lite, fleet: hasFleet, plc: hasPlc, broker, ...flags } = values;
    const seed = readInteger('seed', seedText, MAX_SEED);
    refuseFleet(values);
    refuseStation(values);
    const environment = demoEnvironment(process.env, DEMO_DOMAIN_ID);
    const { readConfig } = await import('../gateway/read-config.ts');
    await using resources = new AsyncDisposableStack();
    // Keeps faults of the simulated robot out of the data of a real robot. Every demo starts without faults.
    const folder = openDemoFolder();
    resources.defer(() => removeDemoFolder(folder));
    // A custom configuration describes another robot, with its own manifest and updates.
    const updates =
      flags.config === undefined ? await (await import('./demo-update.ts')).createSampleUpdate(folder) : undefined;
    const story = lite || flags.config !== undefined ? undefined : await import('./demo-island.ts');
    const place = await story?.islandPlace(join(folder, 'safety'), flags.port === undefined);
    const plcPort = hasPlc ? await freePort(flags.port === undefined ? PLC_PORT : 0) : undefined;
    const plcUrl = plcPort === undefined ? undefined : `opc.tcp://127.0.0.1:${plcPort}`;
    const station = plcUrl === undefined ? undefined : stationSettings(plcUrl);
    const loaded = await readConfig({
      environment: {
        MEDKIT_DATA_DIR: folder,
        ...station?.environment,
        ...(updates && { ...demoDiscovery, ...updates.settings }),
        ...(story && place && aggregating(story.ISLAND_PEER, place.url)),
        ...environment,
      },
      flags: station === undefined ? flags : { ...flags, set: [...station.set, ...[flags.set ?? []].flat()] },
      defaultFile: demoConfigurationFile,
    });
    const { config } = loaded;
    if (hasFleet && config.server.tls.enabled) {
      throw new CommandFailed('--fleet works only over HTTP: disable server.tls.enabled', ExitCode.usage);
    }
    const domainId = config.ros.domain_id;
    await refuseSecondDemo(environment, domainId, demoCommand(process.env)).catch((error) => {
      throw asCommandFailure(error);
    });
    // Starts nothing if the user stopped the demo while it read its files.
    if (isStopped) return ExitCode.ok;
    const progress = startProgress();
    resources.defer(() => progress.end());
    const gate = story !== undefined;
    const robot = startDemo({ domainId, seed, environment, folder, onStarting: progress.robot, gate, plcPort });
    resources.defer(() => robot.stop());
    const besides =
      story && place
        ? [
            ['the gateway of the safety island', story.startIsland(join(folder, 'safety'), place)] as const,
            ['the safety gate', startGate({ domainId, environment, ingest: place.ingest })] as const,
          ]
        : [];
    for (const [, part] of besides) resources.defer(() => part.stop());
    const { serve } = await import('../gateway/serve.ts');
    const serving = Promise.race([settledWithin(ISLAND_MS, besides[0]?.[1].ready), stopped])
      .then(() => (isStopped ? undefined : serve(loaded, environment)))
      .then(
        (started) => {
          running = started;
          resources.defer(() => started?.close());
          return started;
        },
        async (error: unknown) => {
          await robot.stop();
          throw error;
        },
      );
    const outcomes = await Promise.race([Promise.allSettled([serving, robot.ready]), stopped]);
    if (outcomes === undefined) {
      await serving;
      return ExitCode.ok;
    }
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw asCommandFailure(outcome.reason);
    const [started, receiver] = await Promise.all([serving, robot.ready]);
    if (started === undefined) return ExitCode.ok;
    const { url, processToken } = started;
    resources.defer(writeDemoAddress(environment, domainId, url));
    const [hasIsland] = await Promise.all(besides.map(([name, part]) => isThere(name, part, () => isOver)));
    const gateway = { url, token: config.server.token };
    const { startDemoFleet } = await import('./demo-fleet.ts');
    const fleet = hasFleet
      ? startDemoFleet({ domainId, environment, folder, gateway, broker: broker as string | undefined })
      : undefined;
    resources.defer(() => fleet?.stop());
    const hasBroker = fleet !== undefined && (await isThere('the fleet', fleet, () => isOver));
    const { deliverFaults } = await import('./demo-webhook.ts');
    const delivers = updates !== undefined && (await deliverFaults(url, processToken, receiver));
    progress.end();
    const { startupSummary } = await import('./startup-summary.ts');
    const services = {
      receiver: delivers ? receiver.url : undefined,
      incoming: updates?.incoming,
      island: hasIsland ? place?.url : undefined,
      broker: hasBroker ? await fleet?.ready : undefined,
      plc: plcUrl,
    };
    console.log(startupSummary({ url, domainId, ...services }));
    try {
      await Promise.race([untilOver(robot, stopped), uncaught]);
    } finally {
      isOver = true;
    }
    return ExitCode.ok;
  },
};

/** Prints every few seconds what the start waits for; it takes longer on a slow machine. */
function startProgress() {
  const startedMs = performance.now();
  let part = 'its process';
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`medkit: still starting the demo robot after ${seconds} s, waiting for ${part}`);
  }, PROGRESS_INTERVAL_MS);
  return {
    robot: (starting: string) => {
      part = starting;
    },
    end: () => clearInterval(timer),
  };
}
