import type { Trigger } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { table } from '../terminal/table.ts';

const HEAD = ['TRIGGER', 'STATUS', 'FIRED', 'OBSERVES', 'CONDITION', 'PROBLEM'];

/** `medkit trigger list`: the triggers of an entity. */
export const listTriggers = remoteCommand({
  usage: 'trigger list <entity>',
  about: [
    'Lists the triggers that were made on an entity, how often they fired, and why they cannot where that is so.',
  ],
  async run({ client, words: [word], json }) {
    const entity = await findEntity(client, word);
    const { text, value } = await client.ask('listTriggers', { entity });
    if (json) console.log(text);
    else console.log(value.items.length === 0 ? `${entity.id} has no triggers` : table(HEAD, value.items.map(row)));
    return ExitCode.ok;
  },
});

function row({
  id,
  status,
  observed_resource,
  trigger_condition,
  path,
  'x-medkit': about,
}: Trigger): readonly string[] {
  const { condition_type, ...parameters } = trigger_condition as Readonly<Record<string, unknown>>;
  return [
    id,
    status,
    String(about?.fired_total ?? ''),
    `${observed_resource.replace('/api/v1', '')}${path ? ` ${path}` : ''}`,
    [condition_type, ...Object.values(parameters).map(stringifyJson)].join(' '),
    about?.problem ?? '',
  ];
}
