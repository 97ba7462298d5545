import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { findEntity } from '../remote/find-entity.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { findFault } from './find-fault.ts';

/** `medkit faults clear`: puts faults away. */
export const clearFaults = remoteCommand({
  usage: 'faults clear [code] …',
  about: [
    'Clears faults by their codes, or with --all those of the whole robot or of one entity. A fault that is still reported',
    'comes again.',
  ],
  options: {
    all: { about: 'all faults, of the robot or of --entity' },
    entity: { takes: '<entity>', about: 'whose faults; only needed where several entities have one of that code' },
  },
  examples: [
    ['faults clear NAVIGATION_GOAL_ABORTED', 'this one'],
    ['faults clear --all --entity navigation', 'all of the navigation'],
  ],
  async run({ client, words, values }) {
    const entity = values.entity === undefined ? undefined : await findEntity(client, String(values.entity));
    if ((values.all === true) === words.length > 0) {
      throw new CommandFailed('which faults? Their codes, or --all', ExitCode.usage);
    }
    if (values.all) {
      await (entity ? client.call('clearEntityFaults', { entity }) : client.call('clearAllFaults', {}));
      return ExitCode.ok;
    }
    for (const code of words) {
      const owner = entity ?? (await findFault(client, code));
      await client.call('clearFault', { entity: owner, path: { fault_code: code } });
    }
    return ExitCode.ok;
  },
});
