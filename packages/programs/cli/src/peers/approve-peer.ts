import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';

/** `medkit peers approve`: lets a gateway in that was found on the network. */
export const approvePeer = remoteCommand({
  usage: 'peers approve <gateway>',
  about: [
    'Lets a gateway in that was found on the network: its entities are shown from now on, also after a restart, as long as it is',
    'at the address that it has now. `peers` lists those that wait; look at the address before you approve one.',
  ],
  examples: [['peers approve arm', 'its entities join the tree']],
  async run({ client, words: [name = ''] }) {
    const { items } = await client.call('listPeers', {});
    const found = items.find((peer) => peer.name === name && peer.discovered === true);
    if (!found) {
      const waiting = items.filter(({ status }) => status === 'pending').map((peer) => peer.name);
      const others = waiting.length === 0 ? 'none waits to be approved' : `those that wait are ${waiting.join(', ')}`;
      throw new CommandFailed(plainLine(`no gateway ${name} was found on the network: ${others}`), ExitCode.notFound);
    }
    await client.call('approvePeer', { path: { peer_name: name }, body: { url: found.url } });
    console.log(plainLine(`${name} at ${found.url} is let in`));
    return ExitCode.ok;
  },
});

/** `medkit peers forget`: takes an approval back. */
export const forgetPeer = remoteCommand({
  usage: 'peers forget <gateway>',
  about: ['Takes the approval of a gateway back: its entities are gone, and it waits to be approved again.'],
  examples: [['peers forget arm', 'its entities leave the tree']],
  async run({ client, words: [name = ''] }) {
    await client.call('forgetPeer', { path: { peer_name: name } });
    return ExitCode.ok;
  },
});
