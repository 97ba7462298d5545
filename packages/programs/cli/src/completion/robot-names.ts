import type { Client } from '@medkit/client';
import type { EntityKind } from '@medkit/contract';
import { within } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { ArgumentKind } from '../command/argument-kind.ts';
import { connect } from '../remote/connection.ts';
import { findEntity, KINDS } from '../remote/find-entity.ts';
import { trustConfigured } from '../remote/trust.ts';
import { SHELLS } from './scripts.ts';

/** Maximum wait for the gateway: the user waits at the prompt. Names that arrive later are not offered. */
const PATIENCE_MS = 300;

/** A completion candidate. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

interface CompletionRequest {
  readonly kind: ArgumentKind;
  /** Arguments of the command before this one. */
  readonly args: readonly string[];
  /** The same with options, which may select the gateway. */
  readonly typed: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** Returns the names of this kind on the robot. Empty on timeout or error: completion prints no errors. */
export async function robotNames({ kind, args, typed, environment }: CompletionRequest): Promise<readonly Candidate[]> {
  if (kind === 'shell') return SHELLS.map((word) => ({ word, about: '' }));
  const names = NAMES[kind];
  if (names === undefined) return [];
  try {
    const client = connect({ ...connectionOf(typed), timeout: String(PATIENCE_MS / 1000) }, environment);
    await trustConfigured(client.url, {}, environment);
    return await within(systemClock, PATIENCE_MS, names(client, args[0] ?? ''), () => []);
  } catch {
    return [];
  }
}

function connectionOf(typed: readonly string[]): Readonly<Record<string, string | undefined>> {
  const optionOf = (option: string) => typed[typed.indexOf(option) + 1 || typed.length];
  return { url: optionOf('--url'), 'token-file': optionOf('--token-file'), token: optionOf('--token') };
}

type Names = (client: Client, entityWord: string) => Promise<readonly Candidate[]>;

interface Named {
  readonly id: string;
  readonly name?: string;
}

const candidatesOf = (items: readonly Named[]): readonly Candidate[] =>
  items.map(({ id, name }) => ({ word: id, about: name === id ? '' : (name ?? '') }));

const entities =
  (kind: EntityKind): Names =>
  async (client) =>
    candidatesOf((await client.call('listEntities', { kind })).items);

const NAMES: Readonly<Partial<Record<ArgumentKind, Names>>> = {
  app: entities('app'),
  component: entities('component'),
  area: entities('area'),
  function: entities('function'),
  entity: async (client) => {
    const lists = await Promise.all(KINDS.map((kind) => entities(kind)(client, '')));
    return [...new Map(lists.flat().map((candidate) => [candidate.word, candidate])).values()];
  },
  data: async (client, word) => {
    const { items } = await client.call('listData', { entity: await findEntity(client, word) });
    return items.map(({ id, 'x-medkit': about }) => ({ word: id, about: about?.ros2?.type ?? '' }));
  },
  operation: async (client, word) => {
    const { items } = await client.call('listOperations', { entity: await findEntity(client, word) });
    return items.map(({ id, 'x-medkit': about }) => ({ word: id, about: about?.ros2?.type ?? '' }));
  },
  configuration: async (client, word) =>
    candidatesOf((await client.call('listConfigurations', { entity: await findEntity(client, word) })).items),
  script: async (client, word) => {
    const entity = await findEntity(client, word, ['app', 'component']);
    return candidatesOf((await client.call('listScripts', { entity })).items);
  },
  trigger: async (client, word) => {
    const { items } = await client.call('listTriggers', { entity: await findEntity(client, word) });
    return items.map(({ id, observed_resource }) => ({ word: id, about: observed_resource }));
  },
  recording: async (client, word) => {
    const path = { category_id: 'rosbags' };
    const entity = await findEntity(client, word);
    return candidatesOf((await client.call('listBulkDataDescriptors', { entity, path })).items);
  },
  lock: async (client, word) =>
    candidatesOf((await client.call('listLocks', { entity: await findEntity(client, word) })).items),
  update: async (client) => (await client.call('listUpdates', {})).items.map((word) => ({ word, about: '' })),
  receiver: async (client) => {
    const { items } = await client.call('listNotifyReceivers', {});
    return items.map(({ name, type }) => ({ word: name, about: type }));
  },
  peer: async (client) => {
    const { items } = await client.call('listPeers', {});
    return items.flatMap(({ name, url, discovered }) => (discovered ? [{ word: name, about: url }] : []));
  },
  robot: async (client) => {
    const { items } = await client.call('listFleetRobots', { query: { limit: 500 } });
    return items.map(({ id, site }) => ({ word: id, about: site ?? '' }));
  },
  group: async (client) => candidatesOf((await client.call('listFleetGroups', {})).items),
  site: async (client) => candidatesOf((await client.call('listFleetSites', {})).items),
  artifact: async (client) => candidatesOf((await client.call('listFleetArtifacts', {})).items),
  campaign: async (client) => candidatesOf((await client.call('listFleetCampaigns', {})).items),
  invitation: async (client) => {
    const { items } = await client.call('listFleetInvitations', {});
    const open = items.filter(({ state }) => state === 'open');
    return open.map(({ id, robot, name_pattern }) => ({ word: id, about: robot ?? name_pattern ?? '' }));
  },
  user: async (client) => {
    const { items } = await client.call('listUsers', {});
    return items.map(({ name, role }) => ({ word: name, about: role }));
  },
  key: async (client) => candidatesOf((await client.call('listApiKeys', {})).items),
  session: async (client) => {
    const { items } = await client.call('listSessions', {});
    return items.map(({ id, user, remote_address }) => ({ word: id, about: `${user} from ${remote_address}` }));
  },
  fault: async (client) => {
    const { items } = await client.call('listAllFaults', { query: { status: 'all' } });
    return items.map(({ fault_code, description }) => ({ word: fault_code, about: description ?? '' }));
  },
  incident: async (client) => {
    const { items } = await client.call('listIncidents', {});
    return items.map(({ id, state, title }) => ({ word: id, about: `${state}: ${title}` }));
  },
};
