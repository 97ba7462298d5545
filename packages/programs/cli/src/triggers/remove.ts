import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';

/** `medkit trigger remove`: deletes triggers. */
export const removeTrigger = remoteCommand({
  usage: 'trigger remove <entity> <trigger> …',
  about: ['Deletes triggers of an entity by id. Their event streams end.'],
  examples: [['trigger remove battery_monitor trig_1', 'delete one trigger']],
  async run({ client, args: [word, ...ids] }) {
    const entity = await findEntity(client, word);
    for (const id of ids) await client.call('deleteTrigger', { entity, path: { trigger_id: id } });
    return ExitCode.ok;
  },
});
