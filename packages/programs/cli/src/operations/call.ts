import type { OperationItem } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { typedArguments } from '../command/typed-value.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { table } from '../terminal/table.ts';
import { valueLines } from '../terminal/value-lines.ts';
import { followGoal } from './follow-goal.ts';

/** `medkit call`: calls a service, or runs an action and waits for its result. */
export const call = remoteCommand({
  usage: 'call <entity> [operation] [arguments] …',
  about: [
    'Calls a service and prints the response, or sends a goal to an action and waits for the result; Ctrl-C cancels the goal.',
    'Arguments are one JSON object, or name=value pairs; pose.position.x=2 sets a nested field. Without an operation, lists the',
    'operations of the entity.',
  ],
  options: { 'no-wait': { about: 'for an action: print the goal id and do not wait for the result' } },
  examples: [
    ['call lidar_driver self_test', 'call a service without arguments'],
    ['call lidar_driver set_enabled data=false', 'call a service with an argument'],
    ['call bt_navigator navigate_to_pose pose.header.frame_id=map pose.pose.position.x=15', 'run an action'],
  ],
  async run({ client, args: [word, operation, ...parameterArgs], values, json }) {
    const entity = await findEntity(client, word);
    if (operation === undefined) {
      const { text, value } = await client.ask('listOperations', { entity });
      if (json) console.log(text);
      else console.log(table(['OPERATION', 'KIND', 'TYPE'], value.items.map(row)));
      return ExitCode.ok;
    }
    const parameters = typedArguments(parameterArgs);
    // Handles Ctrl-C before the goal is sent, so that Ctrl-C never leaves it running.
    const signal = values['no-wait'] ? undefined : stopSignal();
    const path = { operation_id: operation };
    const reply = await client.ask('executeOperation', {
      entity,
      path,
      ...(parameters && { body: { parameters } }),
    });
    const { text, status, value } = reply;
    if (status === 202 && 'id' in value && signal) {
      return followGoal({ client, entity, path: { ...path, execution_id: String(value.id) }, json, signal });
    }
    if (json) console.log(text);
    else console.log(valueLines('parameters' in value ? value.parameters : value).join('\n'));
    return ExitCode.ok;
  },
});

function row({ id, 'x-medkit': about, asynchronous_execution }: OperationItem): readonly string[] {
  return [id, about?.ros2?.kind ?? (asynchronous_execution ? 'action' : 'service'), about?.ros2?.type ?? ''];
}
