import type { Client, EntityRef } from '@medkit/client';
import type { BulkDataDescriptor } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatBytes, formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

const CATEGORY = 'rosbags';
/** Maximum number of parallel requests. */
const AT_ONCE = 8;

/** `medkit bag list`: lists recordings. */
export const listBags = remoteCommand({
  usage: 'bag list [entity]',
  about: ['Lists the recordings that were made for faults of the robot or of one entity, newest first.'],
  examples: [['bag list navigation', 'recordings of the navigation']],
  async run({ client, args: [word], json }) {
    const bags = word === undefined ? await bagsOfAll(client) : await bagsOf(client, await findEntity(client, word));
    if (json) console.log(JSON.stringify({ items: bags.map(({ bag }) => bag) }));
    else console.log(bags.length === 0 ? 'no recordings' : table(HEAD, bags.map(row)));
    return ExitCode.ok;
  },
});

const HEAD = ['RECORDING', 'ENTITY', 'CREATED', 'SIZE', 'FAULTS'];

interface Bag {
  readonly bag: BulkDataDescriptor;
  readonly entity: EntityRef;
}

async function bagsOf(client: Client, entity: EntityRef): Promise<readonly Bag[]> {
  const { items } = await client.call('listBulkDataDescriptors', { entity, path: { category_id: CATEGORY } });
  return items.map((bag) => ({ bag, entity }));
}

/** Lists a recording of several apps once. */
async function bagsOfAll(client: Client): Promise<readonly Bag[]> {
  const found = new Map<string, Bag>();
  const { items } = await client.call('listEntities', { kind: 'app' });
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const lists = items.slice(at, at + AT_ONCE).map(({ id }) => bagsOf(client, { kind: 'app', id }));
    for (const bag of (await Promise.all(lists)).flat()) found.set(bag.bag.id, bag);
  }
  return [...found.values()].sort((a, b) => (a.bag.creation_date < b.bag.creation_date ? 1 : -1));
}

function row({ bag: { id, size, creation_date, 'x-medkit': about }, entity }: Bag): readonly string[] {
  const codes = about?.fault_codes;
  const faults = Array.isArray(codes) ? codes.join(', ') : '';
  return [id, entity.id, formatTime(new Date(creation_date)), formatBytes(size), faults];
}
