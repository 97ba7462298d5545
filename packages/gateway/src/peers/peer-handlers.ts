import { SovdError } from '@medkit/contract';
import { done } from '../http/answer.ts';
import type { Handlers } from '../http/exchange.ts';
import type { FoundPeers } from './discovery/peer-discovery.ts';
import type { GatewayPeers } from './open-peers.ts';
import { peerList } from './peer-view.ts';

/** The handlers of peers. `peers` is `undefined` if the gateway has none. */
export function peerHandlers(
  peers: GatewayPeers | undefined,
): Pick<Handlers, 'listPeers' | 'approvePeer' | 'forgetPeer'> {
  const found = (): FoundPeers => {
    const all = peers?.discovery?.found;
    if (all) return all;
    const message = 'Gateways on the network are not discovered: set aggregation.enabled and aggregation.discover';
    throw new SovdError({ code: 'not-implemented', message });
  };
  return {
    listPeers: () => peerList(peers),
    approvePeer: async ({ path, body, principal, note }) => {
      const { peer_name: name = '' } = path;
      // Already validated: a missing body is rejected.
      const { url } = body!;
      note({ peer: name, url });
      await found().approve(name, url, principal.id);
      return done();
    },
    forgetPeer: async ({ path, note }) => {
      const { peer_name: name = '' } = path;
      note({ peer: name });
      await found().forget(name);
      return done();
    },
  };
}
