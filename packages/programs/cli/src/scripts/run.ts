import type { ScriptMetadata } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { typedArguments } from '../command/typed-value.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { table } from '../terminal/table.ts';
import { followExecution } from './follow-execution.ts';
import { isScriptFile, uploaded } from './upload-script.ts';

/** `medkit run`: runs a script on the robot. */
export const run = remoteCommand({
  usage: 'run <entity> [script] [parameters] …',
  about: [
    'Runs a diagnostic script of an app or component on the robot, prints its output, and exits with its exit code. Ctrl-C stops',
    'the script. A local file (a path with a slash or an extension) is uploaded first, unless the robot already has it.',
    'Parameters are one JSON object, or name=value pairs. Without a script, lists the scripts of the entity.',
  ],
  options: { replace: { about: 'when uploading a file: replace a different script with the same name' } },
  examples: [
    ['run lidar_driver', 'list the scripts of an app'],
    ['run lidar_driver ./check_lidar_health.sh min_free_mb=200', 'upload a local script and run it'],
  ],
  async run({ client, args: [word, script, ...parameterArgs], values, json }) {
    const entity = await findEntity(client, word, ['app', 'component']);
    if (script === undefined) {
      const { text, value } = await client.ask('listScripts', { entity });
      if (json) console.log(text);
      else console.log(table(['SCRIPT', 'FROM', 'NAME', 'DESCRIPTION'], value.items.map(row)));
      return ExitCode.ok;
    }
    const parameters = typedArguments(parameterArgs);
    const id = (await isScriptFile(script)) ? await uploaded(client, entity, script, values.replace === true) : script;
    // Handles Ctrl-C before the script starts, so that Ctrl-C never leaves it running.
    const signal = stopSignal();
    const path = { script_id: id };
    const execution = await client.call('startScriptExecution', {
      entity,
      path,
      body: { execution_type: 'now', ...(parameters && { parameters }) },
    });
    return followExecution({ client, entity, path: { ...path, execution_id: execution.id }, json, signal });
  },
});

function row({ id, name, managed, description }: ScriptMetadata): readonly string[] {
  return [id, managed ? 'manifest' : 'upload', name, description ?? ''];
}
