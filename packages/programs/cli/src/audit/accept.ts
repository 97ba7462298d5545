import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';

/** `medkit audit accept`: accepts the audit log of another gateway as the new baseline. */
export const acceptLog = remoteCommand({
  usage: 'audit accept <gateway>',
  about: [
    'Accepts the audit log of another gateway as it is now. Use it if that log was legitimately recreated, for example on',
    'a robot with a new disk. The queried gateway discards what it recorded of the old log, and logs who accepted the new one.',
  ],
  examples: [['audit accept arm', 'accept the new audit log of the gateway "arm"']],
  async run({ client, args: [gateway = ''] }) {
    await client.call('acceptAuditLog', { path: { gateway } });
    console.log(`${gateway}: audit log accepted as the new baseline`);
    return ExitCode.ok;
  },
});
