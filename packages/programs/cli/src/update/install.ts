import { type Client, GatewayRefused } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import type { OptionValues } from '../command/parse-words.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { followUpdate, told } from './follow-update.ts';

/** `medkit update install`: registers an update, prepares it and executes it. */
export const installUpdate = remoteCommand({
  usage: 'update install <id>',
  about: [
    'Installs an update whose artifact lies in updates.dir of the robot: registers it unless it is known, lets it be checked and',
    'put in its place, switches, and watches the faults of the robot with it. Ends with 12 where it is refused or rolled back.',
    'Ctrl-C ends the watching; the robot goes on.',
  ],
  options: {
    version: { takes: '<version>', about: 'that the artifact has to have' },
    sha256: { takes: '<digest>', about: 'that its update.json has to have, as `update pack` printed it' },
    components: {
      takes: '<ids>',
      about: 'whose faults decide whether it stays, with commas (default: all of the robot)',
    },
    prepare: { about: 'only check it and put it in its place: nothing of the robot changes' },
  },
  examples: [['update install navigation-2.1.0 --components navigation', 'a release of the navigation']],
  async run({ client, words: [id], values, json }) {
    await register(client, id, values);
    return work(client, id, { prepareOnly: values.prepare === true, json });
  },
});

/** `medkit update rollback`: back to a release that was in use before. */
export const rollBackUpdate = remoteCommand({
  usage: 'update rollback <id>',
  about: [
    'Takes an update into use again that was in use before, and whose release the robot has kept: the only way back to an older',
    'one. It is checked, started and watched as any other. `update list` has the ids.',
  ],
  examples: [['update rollback navigation-2.0.3', 'what ran before']],
  async run({ client, words: [id], json }) {
    await client.call('rollBackUpdate', { path: { update_id: id } });
    return outcome(client, id, json);
  },
});

/** One that is known already stays as it was registered. */
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
  readonly json: boolean;
}

/** Lets it be prepared, executed where that went well, and tells how it ended. */
async function work(client: Client, id: string, { prepareOnly, json }: Work): Promise<ExitCode> {
  const path = { update_id: id };
  await client.call('prepareUpdate', { path });
  if (!prepareOnly && (await followUpdate(client, id))['x-medkit'].phase === 'prepared') {
    await client.call('executeUpdate', { path });
  }
  return outcome(client, id, json);
}

/** Follows what was begun to its end. */
async function outcome(client: Client, id: string, json: boolean): Promise<ExitCode> {
  const status = await followUpdate(client, id);
  if (!json) return told(id, status);
  console.log(JSON.stringify(status));
  return status.status === 'failed' ? ExitCode.endedBadly : ExitCode.ok;
}
