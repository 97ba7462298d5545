import type { ConfigurationList } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { printError } from '../command/print-error.ts';
import { typedValue } from '../command/typed-value.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { forTerminal } from '../terminal/display-width.ts';
import { table } from '../terminal/table.ts';

/** `medkit get`: shows the parameters of an entity, or one of them. */
export const get = remoteCommand({
  usage: 'get <entity> [parameter]',
  about: ['Shows the parameters of an entity with values, types and ranges, or the value of one parameter.'],
  examples: [
    ['get lidar_driver', 'all parameters of an app'],
    ['get lidar_driver scan_rate_hz', 'the value of one parameter'],
  ],
  async run({ client, args: [word, parameter], json }) {
    const entity = await findEntity(client, word);
    if (parameter !== undefined) {
      const { text, value } = await client.ask('getConfiguration', { entity, path: { config_id: parameter } });
      console.log(json ? text : forTerminal(formatValue(value.data)));
      return ExitCode.ok;
    }
    const { text, value } = await client.ask('listConfigurations', { entity });
    const about = value['x-medkit'];
    if (json) console.log(text);
    else console.log(table(['PARAMETER', 'VALUE', 'TYPE', 'RANGE', 'DESCRIPTION'], (about?.parameters ?? []).map(row)));
    const silent = [...(about?.unavailable_nodes ?? []), ...(about?.failed_nodes ?? [])];
    for (const node of silent) printError(`warning: ${node} does not answer, so its parameters are missing`);
    return ExitCode.ok;
  },
});

type ListedParameter = NonNullable<NonNullable<ConfigurationList['x-medkit']>['parameters']>[number];

function row({ id, value, type, range, description, read_only }: ListedParameter) {
  const limits = range ? `${range.from ?? ''} … ${range.to ?? ''}` : '';
  return [id, formatValue(value), type, read_only ? 'read-only' : limits, description ?? ''];
}

/** Returns a string unchanged, any other value as JSON. */
function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** `medkit set`: sets or resets a parameter. */
export const set = remoteCommand({
  usage: 'set <entity> <parameter> [value]',
  about: [
    'Sets a parameter. The value is converted to the declared type: for a string parameter, 5 is the text "5". Lists are JSON:',
    '[1, 2]. The node may reject a value.',
  ],
  options: { reset: { about: 'restore the value that the gateway first saw' } },
  examples: [
    ['set lidar_driver scan_rate_hz 5', 'set the scan rate to 5 Hz'],
    ['set lidar_driver scan_rate_hz --reset', 'restore the initial scan rate'],
  ],
  async run({ client, args: [word, parameter, typed], values, json }) {
    if ((typed === undefined) !== (values.reset === true)) {
      throw new CommandFailed('pass either a value or --reset', ExitCode.usage);
    }
    const at = { entity: await findEntity(client, word), path: { config_id: parameter } };
    const before = await client.call('getConfiguration', at);
    if (typed === undefined) {
      await client.call('deleteConfiguration', at);
    } else {
      const isText = before['x-medkit']?.parameter?.type === 'string';
      await client.call('setConfiguration', { ...at, body: { data: isText ? typed : typedValue(typed) } });
    }
    const { text, value } = await client.ask('getConfiguration', at);
    console.log(json ? text : forTerminal(`${parameter}: ${formatValue(before.data)} -> ${formatValue(value.data)}`));
    return ExitCode.ok;
  },
});
