import type { Participant } from '@medkit/rtps';
import type { LocalEndpoints } from '../adapter/local-endpoints.ts';
import type { GraphWatch } from '../graph/graph-watch.ts';
import { MEDKIT_VENDOR_ID } from '../graph/vendors.ts';

interface Dependencies {
  readonly watch: GraphWatch;
  readonly participant: Participant;
  readonly endpoints: LocalEndpoints;
}

/** Adds medkit's own nodes to the graph like those of another participant. Call `changed` when they change. */
export function showMedkitNodes({ watch, participant, endpoints }: Dependencies): { changed(): void } {
  const { guidPrefix } = participant;
  let listed: ReadonlySet<string> = new Set();
  watch.update((graph) =>
    graph.setParticipant({
      guidPrefix,
      vendorId: MEDKIT_VENDOR_ID,
      version: '',
      name: 'medkit',
      address: participant.facts().interfaces[0] ?? '',
      userData: new Uint8Array(),
      properties: {},
      leaseMs: Number.POSITIVE_INFINITY,
      secure: false,
    }),
  );
  return {
    changed() {
      const now = endpoints.all();
      const gids = new Set(now.map(({ guid }) => guid));
      watch.update((graph) => {
        for (const gid of listed) if (!gids.has(gid)) graph.removeEndpoint(gid);
        for (const endpoint of now) graph.setEndpoint(endpoint);
        graph.setNodes(guidPrefix, endpoints.nodes());
      });
      listed = gids;
    },
  };
}
