import { type Client, GatewayRefused } from '@medkit/client';
import { durationSeconds } from '../command/duration.ts';
import { ExitCode } from '../command/exit-code.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { followUpdate, printUpdateResult } from './follow-update.ts';

/** `medkit update install`: registers, prepares and executes an update. */
export const installUpdate = remoteCommand({
  usage: 'update install <id>',
  about: [
    'Installs an update that `update upload` sent to the robot, or whose artifact is in updates.dir: registers it if necessary,',
    'prepares it (check and copy), executes it (switch to the new release), and monitors the faults of the robot.',
    'Ctrl-C stops waiting, not the installation.',
    `Exit code: 0 if the update is in use, ${ExitCode.endedBadly} if it was rejected or rolled back.`,
  ],
  options: {
    version: { takes: '<version>', about: 'required version of the artifact' },
    sha256: { takes: '<digest>', about: 'required SHA-256 digest of its update.json, as `update pack` prints it' },
    components: {
      takes: '<ids>',
      about: 'comma-separated components whose faults cause a rollback (default: the whole robot)',
    },
    'confirm-within': {
      takes: '<duration>',
      about: 'roll back unless `update confirm` follows within this time, such as 15m, after the check for faults',
    },
    prepare: { about: 'only check and copy the artifact: the running release does not change' },
  },
  examples: [['update install navigation-2.1.0 --components navigation', 'install a release of the navigation']],
  async run({ client, args: [id], values, json }) {
    const confirmWithin = values['confirm-within'];
    const confirmWithinSec =
      typeof confirmWithin === 'string' ? durationSeconds('confirm-within', confirmWithin) : undefined;
    await register(client, id, values);
    return work(client, id, { prepareOnly: values.prepare === true, confirmWithinSec, json });
  },
});

/** `medkit update confirm`: keeps an update that waits for its confirmation. */
export const confirmUpdate = remoteCommand({
  usage: 'update confirm <id>',
  about: [
    'Keeps an update that was installed with --confirm-within. Without it the robot rolls back, so that an update which',
    'cuts the robot off from its network undoes itself.',
  ],
  examples: [['update confirm navigation-2.1.0', 'keep the release that was installed last']],
  async run({ client, args: [id] }) {
    await client.call('confirmUpdate', { path: { update_id: id } });
    console.log(`${id}: confirmed`);
    return ExitCode.ok;
  },
});

/** `medkit update rollback`: returns to a release that was in use before. */
export const rollBackUpdate = remoteCommand({
  usage: 'update rollback <id>',
  about: [
    'Rolls back to a release that was in use before and is still stored on the robot. This is the only way to an older release.',
    'The release is checked, started and monitored like any other update. `update list` prints the ids.',
  ],
  examples: [['update rollback navigation-2.0.3', 'return to the previous release']],
  async run({ client, args: [id], json }) {
    await client.call('rollBackUpdate', { path: { update_id: id } });
    return outcome(client, id, json);
  },
});

/** Registers an update. An existing registration is not changed. */
async function register(client: Client, id: string, values: OptionValues): Promise<void> {
  const { version, sha256, components } = values as Readonly<Record<string, string | undefined>>;
  const body = {
    id,
    ...(version !== undefined && { version }),
    ...(components !== undefined && { updated_components: components.split(',') }),
    ...(sha256 !== undefined && { 'x-medkit': { sha256 } }),
  };
  try {
    await client.call('registerUpdate', { body });
  } catch (error) {
    if (!(error instanceof GatewayRefused && error.code === 'x-medkit-update-already-exists')) throw error;
  }
}

interface Work {
  readonly prepareOnly: boolean;
  readonly confirmWithinSec: number | undefined;
  readonly json: boolean;
}

/** Prepares an update, executes it if the preparation succeeds, and prints the result. */
async function work(client: Client, id: string, { prepareOnly, confirmWithinSec, json }: Work): Promise<ExitCode> {
  const path = { update_id: id };
  await client.call('prepareUpdate', { path });
  if (!prepareOnly && (await followUpdate(client, id))['x-medkit'].phase === 'prepared') {
    const body = confirmWithinSec === undefined ? {} : { 'x-medkit': { confirm_within_sec: confirmWithinSec } };
    await client.call('executeUpdate', { path, body });
  }
  return outcome(client, id, json);
}

/** Waits for the end of an update and prints the result. */
async function outcome(client: Client, id: string, json: boolean): Promise<ExitCode> {
  const status = await followUpdate(client, id);
  if (!json) return printUpdateResult(id, status);
  console.log(JSON.stringify(status));
  return status.status === 'failed' ? ExitCode.endedBadly : ExitCode.ok;
}
