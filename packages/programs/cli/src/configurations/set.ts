import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { typedValue } from '../command/typed-value.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { forTerminal } from '../terminal/display-width.ts';
import { inWords } from './get.ts';

/** `medkit set`: gives a parameter another value. */
export const set = remoteCommand({
  usage: 'set <entity> <parameter> [value]',
  about: [
    'Sets a parameter, in the type that its node declares: 5 is a text where a text is expected. Lists are JSON: [1, 2].',
    'The node itself may refuse a value.',
  ],
  options: { reset: { about: 'to the value that it had when the gateway first saw it' } },
  examples: [
    ['set lidar_driver scan_rate_hz 5', 'another value'],
    ['set lidar_driver scan_rate_hz --reset', 'the first one again'],
  ],
  async run({ client, words: [word, parameter, typed], values, json }) {
    if ((typed === undefined) !== (values.reset === true)) {
      throw new CommandFailed('what value? One, or --reset', ExitCode.usage);
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
    console.log(json ? text : forTerminal(`${parameter}: ${inWords(before.data)} -> ${inWords(value.data)}`));
    return ExitCode.ok;
  },
});
