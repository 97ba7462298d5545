import type { IncidentChange } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { type Remote, type RemoteProgram, remoteCommand } from '../remote/remote-command.ts';
import { incidentTable } from './incident-table.ts';

const NOTE = { note: { takes: '<text>', about: 'add this note to the incident' } } as const;

/** Creates a command that changes an incident and prints its new state. */
function changeCommand(program: Omit<RemoteProgram, 'run'>, changeOf: (remote: Remote) => IncidentChange) {
  return remoteCommand({
    ...program,
    async run(remote) {
      const { client, json, args } = remote;
      const note = remote.values.note === undefined ? {} : { note: String(remote.values.note) };
      const body = { ...note, ...changeOf(remote) };
      const { text, value } = await client.ask('changeIncident', { path: { incident_id: args[0] }, body });
      console.log(json ? text : incidentTable([value]));
      return ExitCode.ok;
    },
  });
}

/** `medkit incidents ack`: acknowledges an incident. */
export const acknowledgeIncident = changeCommand(
  {
    usage: 'incidents ack <incident>',
    about: ['Acknowledges an incident: others see that you work on it. --client-id sets your name.'],
    options: { ...NOTE, undo: { about: 'withdraw the acknowledgement' } },
    examples: [['incidents ack inc_41 --note "Checking the lidar on site"', 'acknowledge with a note']],
  },
  ({ values }) => ({ acknowledged: values.undo !== true }),
);

/** `medkit incidents note`: adds a note. */
export const noteIncident = changeCommand(
  {
    usage: 'incidents note <incident> <text> …',
    about: ['Adds a note to an incident, with your name (--client-id) and the time.'],
    examples: [['incidents note inc_41 "A pallet blocked the lane"', 'add a note for the next shift']],
  },
  ({ args }) => ({ note: args.slice(1).join(' ') }),
);

/** `medkit incidents close`: closes an incident. */
export const closeIncident = changeCommand(
  {
    usage: 'incidents close <incident>',
    about: ['Closes an incident. Later faults start a new incident, unless a fault of this incident explains them.'],
    options: NOTE,
    examples: [['incidents close inc_41 --note "The lane is fenced off now"', 'close with a note']],
  },
  () => ({ state: 'closed' }),
);

/** `medkit incidents reopen`: reopens an incident. */
export const reopenIncident = changeCommand(
  {
    usage: 'incidents reopen <incident>',
    about: ['Reopens a closed incident.'],
    options: NOTE,
    examples: [['incidents reopen inc_41', 'reopen an incident that was closed too early']],
  },
  () => ({ state: 'open' }),
);
