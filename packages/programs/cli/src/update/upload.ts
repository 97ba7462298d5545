import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { openArchive } from './open-archive.ts';
import { uploadArchive } from './upload-archive.ts';

/** `medkit update upload`: sends an artifact to the robot. */
export const uploadUpdate = remoteCommand({
  usage: 'update upload <folder>',
  about: [
    'Sends a folder that `update pack` created, or a tar archive of it, to updates.dir of the robot. If the connection breaks,',
    'waits for the robot and continues; after Ctrl-C, the same command continues within a day. Then install it with',
    '`update install`. Exit code: 0 if the artifact is complete on the robot.',
  ],
  examples: [
    ['update upload release', 'send a packed release'],
    ['update upload release --robot amr-17', 'send it through the fleet hub'],
  ],
  async run({ client, args: [folder = ''], json }) {
    const tar = await openArchive(folder);
    const path = { update_id: tar.id };
    const artifact = await uploadArchive(client, tar, (part) => client.call('uploadUpdateArtifact', { path, ...part }));
    if (json) console.log(JSON.stringify(artifact));
    else console.log(`${tar.id}: complete, ${tar.size} bytes. Next: medkit update install ${tar.id}`);
    return ExitCode.ok;
  },
});
