import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';

/** `medkit audit accept`: takes the audit log of another gateway as it is now. */
export const acceptLog = remoteCommand({
  usage: 'audit accept <gateway>',
  about: [
    'Takes the audit log of another gateway as it is now: for one that does not go on from what was seen of it, and is not to, as',
    'that of a robot with a new disk. The gateway that is asked forgets what it saw, and writes down who has asked for that.',
  ],
  async run({ client, words: [gateway = ''] }) {
    await client.call('acceptAuditLog', { path: { gateway } });
    console.log(`${gateway}: its audit log counts as it is now`);
    return ExitCode.ok;
  },
});
