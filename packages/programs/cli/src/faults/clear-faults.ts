import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { findFault } from './find-fault.ts';

/** `medkit faults clear`: clears faults. */
export const clearFaults = remoteCommand({
  usage: 'faults clear [code] …',
  about: [
    'Clears faults by code, or all faults of the robot or of one entity with --all. A fault that is still reported is raised',
    'again. Prints the codes that were cleared.',
  ],
  options: {
    all: { about: 'clear all faults of the robot, or of --entity' },
    entity: {
      takes: '<entity>',
      about: 'entity with the faults; required only if several entities have a fault with this code',
    },
  },
  examples: [
    ['faults clear NAVIGATION_GOAL_ABORTED', 'clear one fault'],
    ['faults clear --all --entity navigation', 'clear all faults of the navigation'],
  ],
  async run({ client, args, values, json }) {
    const printResult = (cleared: readonly string[], left: readonly string[] = []) => {
      if (json) console.log(JSON.stringify({ cleared, left }));
      else for (const line of formatValue(cleared, left)) console.log(plainLine(line));
      return ExitCode.ok;
    };
    const entity = values.entity === undefined ? undefined : await findEntity(client, String(values.entity));
    if ((values.all === true) === args.length > 0) {
      throw new CommandFailed('pass either fault codes or --all', ExitCode.usage);
    }
    if (values.all) {
      const standing = async (): Promise<readonly string[]> => {
        const { items } = entity
          ? await client.call('listFaults', { entity })
          : await client.call('listAllFaults', { query: { include_muted: true } });
        return items.map(({ fault_code }) => fault_code);
      };
      const before = await standing();
      await (entity ? client.call('clearEntityFaults', { entity }) : client.call('clearAllFaults', {}));
      // Faults of apps that another client has locked are not cleared.
      const left = new Set(await standing());
      return printResult(
        before.filter((code) => !left.has(code)),
        [...left],
      );
    }
    for (const code of args) {
      const owner = entity ?? (await findFault(client, code));
      const path = { fault_code: code };
      await (owner ? client.call('clearFault', { entity: owner, path }) : client.call('clearRobotFault', { path }));
    }
    return printResult(args);
  },
});

function formatValue(cleared: readonly string[], left: readonly string[]): readonly string[] {
  const done = cleared.length === 0 ? 'no fault was cleared' : `cleared: ${cleared.join(', ')}`;
  return left.length === 0 ? [done] : [done, `not cleared: ${left.join(', ')}`];
}
