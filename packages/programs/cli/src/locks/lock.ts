import type { Client, EntityRef, Reply } from '@medkit/client';
import type { Lock } from '@medkit/contract';
import { durationSeconds } from '../command/duration.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';

const DEFAULT_DURATION = '5m';

/** `medkit lock`: locks an entity against changes by other clients. */
export const lock = remoteCommand({
  usage: 'lock <entity>',
  about: [
    'Locks an entity and its members for a limited time: other clients cannot change them. --client-id names the holder of the',
    'lock.',
  ],
  options: {
    for: {
      takes: '<time>',
      about: `duration such as 90s, 5m or 1h30m; the gateway limits it (default ${DEFAULT_DURATION})`,
    },
    scopes: {
      takes: '<scopes>',
      about: 'comma-separated scopes: configurations,operations,data,faults,… (default: all)',
    },
    break: { about: 'take over a lock that another client holds' },
    extend: { about: 'extend your existing lock: it ends --for from now' },
    list: { about: 'list the locks that apply to the entity, also those of its parents' },
  },
  examples: [
    ['lock navigation --scopes configurations --for 10m', 'block parameter changes by others for 10 minutes'],
    ['unlock navigation', 'release the lock'],
  ],
  async run({ client, args: [word], values, json }) {
    const entity = await findEntity(client, word);
    if (values.list) {
      const { text, value } = await client.ask('listLocks', { entity, query: { effective: 'true' } });
      const lines = value.items.map((held) => formatValue(held, entity));
      console.log(json ? text : lines.join('\n') || `${entity.id} is not locked`);
      return ExitCode.ok;
    }
    const { text, value } = values.extend
      ? await extended(client, entity, secondsOf(values))
      : await acquired(client, entity, values);
    console.log(json ? text : formatValue(value));
    return ExitCode.ok;
  },
});

function secondsOf(values: OptionValues): number {
  return durationSeconds('for', String(values.for ?? DEFAULT_DURATION));
}

function acquired(client: Client, entity: EntityRef, values: OptionValues): Promise<Reply<Lock>> {
  const scopes = values.scopes === undefined ? undefined : String(values.scopes).split(',');
  const taken = values.break === true ? { break_lock: true } : {};
  const body = { lock_expiration: secondsOf(values), ...(scopes && { scopes }), ...taken };
  return client.ask('acquireLock', { entity, body });
}

async function extended(client: Client, entity: EntityRef, lock_expiration: number): Promise<Reply<Lock>> {
  const held = (await client.call('listLocks', { entity })).items.find(({ owned }) => owned);
  if (held === undefined) throw new CommandFailed(`you hold no lock on ${entity.id}`, ExitCode.notFound);
  const path = { lock_id: held.id };
  await client.call('extendLock', { entity, path, body: { lock_expiration } });
  return client.ask('getLock', { entity, path });
}

/** A lock as text. `of` is the requested entity; the lock may belong to one of its parents. */
function formatValue({ id, owned, scopes, lock_expiration, holder, entity }: Lock, of?: EntityRef): string {
  const what = scopes?.length ? scopes.join(', ') : 'everything';
  const until = formatTime(new Date(lock_expiration)).replace(/\.000$/, '');
  const whose = owned ? 'yours' : `of ${holder ?? 'another client'}`;
  const isInherited = of !== undefined && entity != null && (entity.type !== of.kind || entity.id !== of.id);
  const where = isInherited ? `, on ${entity.type} ${entity.id}` : '';
  return plainLine(`${id}: ${what}, ${whose}${where}, until ${until}`);
}

/** `medkit unlock`: releases locks. */
export const unlock = remoteCommand({
  usage: 'unlock <entity> [lock]',
  about: [
    'Releases all your locks on an entity, or the lock with this id. A lock is yours if it was acquired with the same',
    '--client-id.',
  ],
  examples: [['unlock navigation', 'release all your locks on the navigation']],
  async run({ client, args: [word, id] }) {
    const entity = await findEntity(client, word);
    const locks =
      id === undefined ? (await client.call('listLocks', { entity })).items.filter(({ owned }) => owned) : [{ id }];
    if (locks.length === 0) throw new CommandFailed(`you hold no lock on ${entity.id}`, ExitCode.notFound);
    for (const lock of locks) await client.call('releaseLock', { entity, path: { lock_id: lock.id } });
    return ExitCode.ok;
  },
});
