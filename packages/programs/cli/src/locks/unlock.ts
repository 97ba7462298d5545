import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';

/** `medkit unlock`: gives locks back. */
export const unlock = remoteCommand({
  usage: 'unlock <entity> [lock]',
  about: [
    'Gives your locks of an entity back, or the one of that id. They are yours if you go by the same --client-id.',
  ],
  examples: [['unlock navigation', 'whatever you hold of it']],
  async run({ client, words: [word, id] }) {
    const entity = await findEntity(client, word);
    const own =
      id === undefined ? (await client.call('listLocks', { entity })).items.filter(({ owned }) => owned) : [{ id }];
    if (own.length === 0) throw new CommandFailed(`${entity.id} has no lock of yours`, ExitCode.notFound);
    for (const lock of own) await client.call('releaseLock', { entity, path: { lock_id: lock.id } });
    return ExitCode.ok;
  },
});
