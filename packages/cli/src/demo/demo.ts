import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_GATEWAY_URL } from '@medkit/client';
import {
  DEMO_DOMAIN_ID,
  DemoFailed,
  demoConfigurationFile,
  demoDiscovery,
  demoEnvironment,
  type RunningDemo,
  startDemo,
} from '@medkit/demo';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords, readWhole } from '../command/parse-words.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { medkitVersion } from '../command/version.ts';

const DEFAULT_SEED = '1';
/** A Ctrl-C reaches the robot's process too, which may be gone before this one has heard of it. */
const SIGNAL_SLACK_MS = 300;

function greeting(url: string, places: string, domainId: number): string {
  const medkit = invocation(process.env);
  const domain = domainId === DEMO_DOMAIN_ID ? '' : ` --domain ${domainId}`;
  const gateway = url === DEFAULT_GATEWAY_URL ? '' : ` --url ${url}`;
  return [
    `medkit ${medkitVersion()}: the demo robot is up, on DDS domain ${domainId} of this machine's loopback`,
    '',
    places,
    '',
    'Try in another shell:',
    `  curl ${url}/api/v1/apps/lidar_driver/data/scan`,
    `  ${medkit} apps${gateway}`,
    `  ${medkit} demo inject obstacle${domain}   (or battery, node-death, mute-node)`,
    `  ${medkit} demo clear all${domain}`,
    '',
    'Ctrl-C ends the robot and the gateway.',
  ].join('\n');
}

/** The reason why the robot did not come up, as a line with an exit code. */
function asCommandFailure(error: unknown): unknown {
  if (!(error instanceof DemoFailed)) return error;
  const known = error.reason === 'DemoAlreadyRunning';
  return new CommandFailed(
    known ? error.message : `the demo robot did not start: ${error.message}`,
    known ? ExitCode.demoState : ExitCode.failed,
  );
}

/** Resolves when somebody stops the demo, and throws when the robot ends by itself. */
async function untilOver(robot: RunningDemo, stopped: Promise<void>): Promise<void> {
  const alone = robot.ended.then(async () => {
    await delay(SIGNAL_SLACK_MS);
    throw new CommandFailed('the demo robot ended by itself');
  });
  await Promise.race([stopped, alone]);
}

/** `medkit demo`: a simulated robot in a process of its own, and a gateway to it. */
export const demo: CommandProgram = {
  async help() {
    const { configHelp } = await import('@medkit/gateway');
    return [
      `${invocation(process.env)} demo [options]`,
      '',
      'Starts a simulated AMR as real DDS nodes on loopback, and a gateway to it, until Ctrl-C.',
      '',
      columns([['--seed <integer>', `The noise of its sensors (default ${DEFAULT_SEED}).`]]),
      '',
      'Options of the gateway:',
      `(unless said otherwise, the domain is ${DEMO_DOMAIN_ID}, the configuration that of the demo, and nothing is kept:`,
      `${demoConfigurationFile})`,
      configHelp(),
    ].join('\n');
  },

  async run(words) {
    const stopped = untilStopped();
    const { configFlags } = await import('@medkit/gateway');
    const { values, positionals } = await parseWords(words, {
      ...configFlags,
      seed: { type: 'string', default: DEFAULT_SEED },
    });
    expectNoWords(positionals);
    const { seed: seedText, ...flags } = values;
    const seed = readWhole('seed', seedText, 0xffff_ffff);
    const environment = demoEnvironment(process.env, DEMO_DOMAIN_ID);
    const { readConfig } = await import('../gateway/read-config.ts');
    await using resources = new AsyncDisposableStack();
    // Faults of a simulated robot are none of a real one's, and every demo begins without any.
    const dataFolder = await mkdtemp(join(tmpdir(), 'medkit-demo-'));
    resources.defer(() => rm(dataFolder, { recursive: true, force: true }));
    const { config } = await readConfig({
      environment: { MEDKIT_DATA_DIR: dataFolder, ...(flags.config === undefined && demoDiscovery), ...environment },
      flags,
      defaultFile: demoConfigurationFile,
    });
    const domainId = config.ros.domain_id;
    const robot = startDemo({ domainId, seed, environment });
    resources.defer(() => robot.stop());
    const { serve } = await import('../gateway/serve.ts');
    const serving = serve(config, environment).then(
      ({ url, close }) => {
        resources.defer(close);
        return url;
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
    const { placesToLook } = await import('../gateway/places.ts');
    const url = await serving;
    console.log(greeting(url, placesToLook(url), domainId));
    await untilOver(robot, stopped);
    return ExitCode.ok;
  },
};
