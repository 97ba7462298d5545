import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { faultLines } from './fault-lines.ts';
import { findFault } from './find-fault.ts';

/** `medkit faults show`: a fault with what was going on when it came. */
export const showFault = remoteCommand({
  usage: 'faults show <code> [entity]',
  about: [
    'Shows a fault with its evidence: what its topics said when it was confirmed, and its recordings. The entity is only needed',
    'where several have a fault of that code.',
  ],
  examples: [['faults show NAVIGATION_GOAL_ABORTED', 'why the robot stopped']],
  async run({ client, json, words: [code, entityWord] }) {
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
