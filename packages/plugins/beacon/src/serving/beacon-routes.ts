import { entityPath, KIND_TERMS, type KindTerms, SovdError } from '@medkit/contract';
import type { PluginContext, PluginRoute } from '@medkit/plugin';
import { Check } from 'typebox/value';
import type { LiveHint } from '../store/hint-store.ts';
import { BEACON_DOCUMENT_EXAMPLE, BeaconDocument, beaconDocument } from './beacon-document.ts';
import { BEACON, BEACON_NAMES, type BeaconName } from './beacon-names.ts';

const KINDS = [KIND_TERMS.app, KIND_TERMS.component];

export interface BeaconRoutesOptions {
  /** The beacon of the routes. */
  readonly beacon: BeaconName;
  /** Returns its hint about an entity. */
  readonly hintOf: (entityId: string) => LiveHint | undefined;
  readonly request: PluginContext['request'];
}

/**
 * Returns the routes of a beacon: `x-medkit-beacon`, and those under its name. If several beacons are loaded, the first
 * one serves `x-medkit-beacon`: it requests the hints of the others by their routes and returns the latest. Beacons
 * therefore need not know each other and may run in different processes.
 */
export function beaconRoutes({ beacon, hintOf, request }: BeaconRoutesOptions): readonly PluginRoute[] {
  const localDocument = (id: string): BeaconDocument | undefined => {
    const live = hintOf(id);
    return live && beaconDocument(live);
  };
  const others = BEACON_NAMES.filter((name) => name !== beacon);
  return KINDS.flatMap((labels) => {
    const remoteDocument = async (name: BeaconName, id: string): Promise<BeaconDocument | undefined> => {
      const { status, body } = await request({ method: 'GET', path: `/${labels.collection}/${id}/${name}` });
      return status === 200 && Check(BeaconDocument, body) ? body : undefined;
    };
    return [
      route(labels, beacon, async (id) => localDocument(id)),
      route(labels, BEACON, async (id) =>
        latest([localDocument(id), ...(await Promise.all(others.map((name) => remoteDocument(name, id))))]),
      ),
    ];
  });
}

function route(
  labels: KindTerms,
  name: BeaconName | typeof BEACON,
  find: (id: string) => Promise<BeaconDocument | undefined>,
): PluginRoute {
  const whose = name === BEACON ? 'any beacon' : 'this beacon';
  return {
    route: {
      method: 'get',
      path: `${entityPath(labels)}/${name}`,
      operationId: `get${labels.cap}${OPERATIONS[name]}`,
      summary: `Read the hint of ${labels.a} about itself`,
      description: `The last hint about the entity that ${whose} received, and its age.`,
      kind: labels.kind,
      shared: name === BEACON,
      parameters: [],
      responses: {
        200: { description: 'The last hint', schema: BeaconDocument, example: BEACON_DOCUMENT_EXAMPLE },
      },
      errors: ['x-medkit-beacon-not-found'],
    },
    handle: async ({ path }) => {
      const id = path[labels.param] ?? '';
      const body = await find(id);
      if (body) return { body };
      const message = `No beacon has received a hint about ${labels.kind} ${id}`;
      throw new SovdError({ code: 'x-medkit-beacon-not-found', message });
    },
  };
}

const OPERATIONS = {
  'x-medkit-beacon': 'Beacon',
  'x-medkit-param-beacon': 'ParamBeacon',
  'x-medkit-topic-beacon': 'TopicBeacon',
} as const satisfies Record<BeaconName | typeof BEACON, string>;

function latest(documents: readonly (BeaconDocument | undefined)[]): BeaconDocument | undefined {
  return documents
    .filter((document) => document !== undefined)
    .reduce<BeaconDocument | undefined>(
      (best, document) => (best && best.age_sec <= document.age_sec ? best : document),
      undefined,
    );
}
