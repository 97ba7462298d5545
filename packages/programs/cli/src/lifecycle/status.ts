import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { statusLines } from './status-lines.ts';

/** `medkit status`: shows whether an app or component is ready, and its available transitions. */
export const status = remoteCommand({
  usage: 'status <entity>',
  about: ['Shows whether an app or component is ready, its state, and the transitions that are available now.'],
  examples: [['status camera_driver', 'state of a managed node']],
  async run({ client, args: [word], json }) {
    const entity = await findEntity(client, word, ['app', 'component']);
    const { text, value } = await client.ask('getStatus', { entity });
    if (json) console.log(text);
    else for (const line of statusLines(value)) console.log(line);
    return ExitCode.ok;
  },
});
