import type { IncidentChange } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { type Remote, type RemoteProgram, remoteCommand } from '../remote/remote-command.ts';
import { incidentTable } from './incident-table.ts';

const NOTE = { note: { takes: '<text>', about: 'to be written down with it' } } as const;

/** A command that changes an incident, and shows how it stands then. */
function changeCommand(program: Omit<RemoteProgram, 'run'>, changeOf: (remote: Remote) => IncidentChange) {
  return remoteCommand({
    ...program,
    async run(remote) {
      const { client, json, words } = remote;
      const note = remote.values.note === undefined ? {} : { note: String(remote.values.note) };
      const body = { ...note, ...changeOf(remote) };
      const { text, value } = await client.ask('changeIncident', { path: { incident_id: words[0] }, body });
      console.log(json ? text : incidentTable([value]));
      return ExitCode.ok;
    },
  });
}

/** `medkit incidents ack`: somebody takes it on. */
export const acknowledgeIncident = changeCommand(
  {
    usage: 'incidents ack <incident>',
    about: ['Takes an incident on: others see that you are at it. You are who --client-id says.'],
    options: { ...NOTE, undo: { about: 'give it back: nobody is at it any more' } },
    examples: [['incidents ack inc_41 --note "I go and look"', 'it is yours']],
  },
  ({ values }) => ({ acknowledged: values.undo !== true }),
);

/** `medkit incidents note`: something is written down. */
export const noteIncident = changeCommand(
  {
    usage: 'incidents note <incident> <text> …',
    about: ['Writes something down that belongs to an incident, with your name and the time.'],
    examples: [['incidents note inc_41 "Somebody fetched a pallet"', 'for whoever reads it later']],
  },
  ({ words }) => ({ note: words.slice(1).join(' ') }),
);

/** `medkit incidents close`: it is put away. */
export const closeIncident = changeCommand(
  {
    usage: 'incidents close <incident>',
    about: ['Puts an incident away. Faults that come later are another one, but for those that its own explain.'],
    options: NOTE,
    examples: [['incidents close inc_41 --note "The lane is fenced off now"', 'it is dealt with']],
  },
  () => ({ state: 'closed' }),
);

/** `medkit incidents reopen`: it was put away too soon. */
export const reopenIncident = changeCommand(
  {
    usage: 'incidents reopen <incident>',
    about: ['Takes back that an incident was put away.'],
    options: NOTE,
    examples: [['incidents reopen inc_41', 'it was closed too soon']],
  },
  () => ({ state: 'open' }),
);
