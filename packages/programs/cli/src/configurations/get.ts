import type { ConfigurationList } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { complain } from '../command/complain.ts';
import { ExitCode } from '../command/exit-code.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { forTerminal } from '../terminal/display-width.ts';
import { table } from '../terminal/table.ts';

/** `medkit get`: the parameters of an entity, or one of them. */
export const get = remoteCommand({
  usage: 'get <entity> [parameter]',
  about: ['Shows the parameters of an entity with their values, types and ranges, or the value of one.'],
  examples: [
    ['get lidar_driver', 'all parameters'],
    ['get lidar_driver scan_rate_hz', 'one value'],
  ],
  async run({ client, words: [word, parameter], json }) {
    const entity = await findEntity(client, word);
    if (parameter !== undefined) {
      const { text, value } = await client.ask('getConfiguration', { entity, path: { config_id: parameter } });
      console.log(json ? text : forTerminal(inWords(value.data)));
      return ExitCode.ok;
    }
    const { text, value } = await client.ask('listConfigurations', { entity });
    const about = value['x-medkit'];
    if (json) console.log(text);
    else console.log(table(['PARAMETER', 'VALUE', 'TYPE', 'RANGE', 'DESCRIPTION'], (about?.parameters ?? []).map(row)));
    const silent = [...(about?.unavailable_nodes ?? []), ...(about?.failed_nodes ?? [])];
    for (const node of silent) complain(`${node} does not tell its parameters`);
    return ExitCode.ok;
  },
});

type ListedParameter = NonNullable<NonNullable<ConfigurationList['x-medkit']>['parameters']>[number];

function row({ id, value, type, range, description, read_only }: ListedParameter) {
  const limits = range ? `${range.from ?? ''} … ${range.to ?? ''}` : '';
  return [id, inWords(value), type, read_only ? 'read-only' : limits, description ?? ''];
}

/** A text as it is, anything else as JSON. */
export function inWords(value: unknown): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}
