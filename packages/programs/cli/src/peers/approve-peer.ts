import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';

/** `medkit peers approve`: approves a gateway that was discovered on the network. */
export const approvePeer = remoteCommand({
  usage: 'peers approve <gateway>',
  about: [
    'Approves a gateway that was discovered on the network: this gateway aggregates its entities, also after a restart, as long',
    'as it keeps its address. Check the address with `peers` before you approve a gateway.',
  ],
  examples: [['peers approve arm', 'aggregate the entities of the gateway "arm"']],
  async run({ client, args: [name = ''] }) {
    const { items } = await client.call('listPeers', {});
    const found = items.find((peer) => peer.name === name && peer.discovered === true);
    if (!found) {
      const waiting = items.filter(({ status }) => status === 'pending').map((peer) => peer.name);
      const others = waiting.length === 0 ? 'no gateway is pending' : `pending: ${waiting.join(', ')}`;
      throw new CommandFailed(
        plainLine(`no gateway ${name} was discovered on the network; ${others}`),
        ExitCode.notFound,
      );
    }
    await client.call('approvePeer', { path: { peer_name: name }, body: { url: found.url } });
    console.log(plainLine(`${name} at ${found.url} is approved`));
    return ExitCode.ok;
  },
});

/** `medkit peers forget`: revokes an approval. */
export const forgetPeer = remoteCommand({
  usage: 'peers forget <gateway>',
  about: ['Revokes the approval of a gateway: its entities disappear, and it is pending again.'],
  examples: [['peers forget arm', 'stop aggregating the gateway "arm"']],
  async run({ client, args: [name = ''] }) {
    await client.call('forgetPeer', { path: { peer_name: name } });
    return ExitCode.ok;
  },
});
