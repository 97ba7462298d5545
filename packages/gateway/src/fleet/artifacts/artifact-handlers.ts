import type { Fleet } from '@medkit/fleet';
import { done } from '../../http/answer.ts';
import type { Exchange } from '../../http/exchange.ts';
import { receivePart } from '../../updates/artifact-part.ts';
import { answered, filtersOf, pageOf } from '../fleet-replies.ts';
import type { FleetHandlers } from '../without-fleet.ts';
import type { GatewayArtifacts } from './gateway-artifacts.ts';

type ArtifactHandlers = Pick<FleetHandlers, Extract<keyof FleetHandlers, `${string}FleetArtifact${string}`>>;

/** The handlers of the artifacts of a hub. */
export function artifactHandlers({ artifacts }: Pick<Fleet, 'artifacts'>, stored: GatewayArtifacts): ArtifactHandlers {
  return {
    listFleetArtifacts: async ({ query }) => pageOf(await answered(() => artifacts.list(filtersOf(query)))),
    uploadFleetArtifact: (exchange) => {
      const name = nameIn(exchange.path);
      return receivePart(exchange, { artifact: name }, (part) => stored.receive(name, part));
    },
    deleteFleetArtifact: async ({ path, note }) => {
      note({ artifact: nameIn(path) });
      await stored.remove(nameIn(path));
      return done();
    },
  };
}

const nameIn = (path: Exchange['path']): string => path['artifact'] ?? '';
