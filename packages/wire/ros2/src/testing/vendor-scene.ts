import type { NetworkConditions } from '@medkit/edges/testing';
import type { Participant } from '@medkit/rtps';
import type { LocalNode, RosAdapter } from '../adapter/adapter.ts';
import { type Stage, stageOn } from './contract-scene.ts';
import { openVendorParticipant } from './service-peer.ts';
import { simulatedGraph } from './simulated-graph.ts';

/** A simulated graph with one medkit adapter. */
export interface VendorScene extends Stage {
  readonly medkit: RosAdapter;
  readonly node: LocalNode;
  /** Opens a DDS application of a vendor on a separate host. */
  peer(vendorId: string): Promise<Participant>;
  /** Cuts the connection of a peer, as after `kill -9`. `silent` false restores it. */
  silence(peer: Participant, silent?: boolean): void;
  pass(ms: number): Promise<void>;
  /** Returns how often medkit counted this reason. */
  dropped(reason: string): Promise<number>;
}

/** Runs a scene between medkit and DDS applications that appear as other vendors. */
export async function runVendorScene(
  play: (scene: VendorScene) => Promise<void>,
  conditions: NetworkConditions = {},
): Promise<void> {
  const graph = simulatedGraph({ conditions });
  const peers: Participant[] = [];
  const medkit = await graph.join();
  try {
    await play({
      ...stageOn(graph),
      medkit,
      node: await medkit.node({ name: 'medkit' }),
      async peer(vendorId) {
        const peer = await openVendorParticipant(graph, vendorId, `10.0.0.${200 + peers.length}`);
        peers.push(peer);
        return peer;
      },
      silence(peer, silent = true) {
        for (const address of peer.facts().interfaces) graph.network.setLink(address, !silent);
      },
      pass: (ms) => graph.clock.advanceAsync(ms),
      dropped: async (reason) => (await medkit.facts()).dropped[reason] ?? 0,
    });
  } finally {
    await Promise.all(peers.map((peer) => peer.close()));
    await graph.close();
  }
}
