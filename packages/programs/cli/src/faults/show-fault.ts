import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { faultLines } from './fault-lines.ts';
import { findFault } from './find-fault.ts';

/** `medkit faults show`: shows a fault with its evidence. */
export const showFault = remoteCommand({
  usage: 'faults show <code> [entity]',
  about: [
    'Shows a fault with its evidence: snapshots of topics from the moment of confirmation, log entries and recordings. The',
    'entity is required only if several entities have a fault with this code.',
  ],
  examples: [['faults show NAVIGATION_GOAL_ABORTED', 'a fault with its snapshots and recordings']],
  async run({ client, json, args: [code, entityWord] }) {
    const entity = entityWord === undefined ? await findFault(client, code) : await findEntity(client, entityWord);
    const path = { fault_code: code };
    const { text, value } = await (entity
      ? client.ask('getFault', { entity, path })
      : client.ask('getRobotFault', { path }));
    if (json) console.log(text);
    else for (const line of faultLines(value)) console.log(line);
    return ExitCode.ok;
  },
});
