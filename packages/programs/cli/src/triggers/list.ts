import type { Trigger } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { table } from '../terminal/table.ts';

const HEAD = ['TRIGGER', 'ENTITY', 'STATUS', 'FIRED', 'OBSERVES', 'CONDITION', 'PROBLEM'];

/** `medkit trigger list`: lists the triggers of the robot or of an entity. */
export const listTriggers = remoteCommand({
  usage: 'trigger list [entity]',
  about: ['Lists the triggers of the robot or of one entity: how often each fired, and the problem if it cannot fire.'],
  examples: [['trigger list battery_monitor', 'the triggers of one app']],
  async run({ client, args: [word], json }) {
    const entity = word === undefined ? undefined : await findEntity(client, word);
    const { text, value } = await (entity ? client.ask('listTriggers', { entity }) : client.ask('listAllTriggers', {}));
    if (json) console.log(text);
    else if (value.items.length === 0) console.log(`${entity ? entity.id : 'the robot'} has no triggers`);
    else console.log(table(HEAD, value.items.map(row)));
    return ExitCode.ok;
  },
});

function row({
  id,
  status,
  observed_resource,
  trigger_condition,
  path,
  event_source,
  'x-medkit': about,
}: Trigger): readonly string[] {
  const { condition_type, ...parameters } = trigger_condition as Readonly<Record<string, unknown>>;
  return [
    id,
    event_source.split('/').at(-4) ?? '',
    status,
    String(about?.fired_total ?? ''),
    `${observed_resource.replace('/api/v1', '')}${path ? ` ${path}` : ''}`,
    [condition_type, ...Object.values(parameters).map(stringifyJson)].join(' '),
    about?.problem ?? '',
  ];
}
