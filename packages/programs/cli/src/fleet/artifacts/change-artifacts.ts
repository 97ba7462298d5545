import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { openArchive } from '../../update/open-archive.ts';
import { uploadArchive } from '../../update/upload-archive.ts';

/** `medkit fleet artifacts put`: sends an artifact to the hub. */
export const putArtifact = remoteCommand({
  usage: 'fleet artifacts put <folder>',
  asksHub: true,
  about: [
    'Sends a folder that `update pack` created, or a tar archive of it, to the hub. If the connection breaks, waits for the hub',
    'and continues; after Ctrl-C, the same command continues within a day. The hub checks the digests of all files; robots',
    'verify the signature. Exit code: 0 if the hub stores the artifact.',
  ],
  examples: [
    ['fleet artifacts put release', 'send a packed release'],
    ['fleet artifacts put release.tar', 'send its archive'],
  ],
  async run({ client, args: [folder = ''], json }) {
    const tar = await openArchive(folder);
    const path = { artifact: tar.id };
    const artifact = await uploadArchive(client, tar, (part) => client.call('uploadFleetArtifact', { path, ...part }));
    console.log(json ? JSON.stringify(artifact) : `${tar.id}: complete, ${tar.size} bytes`);
    return ExitCode.ok;
  },
});

/** `medkit fleet artifacts delete`: deletes an artifact from the hub. */
export const deleteArtifact = remoteCommand({
  usage: 'fleet artifacts delete <artifact>',
  asksHub: true,
  about: [
    'Deletes an artifact from the hub. The hub refuses it while a campaign that has not ended uses the artifact. Robots that have',
    'received the artifact keep it.',
  ],
  async run({ client, args: [artifact = ''] }) {
    await client.call('deleteFleetArtifact', { path: { artifact } });
    return ExitCode.ok;
  },
});
