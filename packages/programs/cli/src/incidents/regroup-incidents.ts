import type { IncidentDetail, IncidentSplit } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { incidentTable } from './incident-table.ts';

/** `medkit incidents merge`: merges incidents. */
export const mergeIncidents = remoteCommand({
  usage: 'incidents merge <incident> <incident> …',
  about: ['Merges incidents into one. The earliest keeps its id; the other ids then refer to it.'],
  examples: [['incidents merge inc_41 inc_43', 'merge two incidents with the same cause']],
  async run({ client, json, args: [id, ...incidents] }) {
    const { text, value } = await client.ask('mergeIncidents', { path: { incident_id: id }, body: { incidents } });
    console.log(json ? text : incidentTable([value]));
    return ExitCode.ok;
  },
});

/** `medkit incidents split`: moves faults to a new incident. */
export const splitIncident = remoteCommand({
  usage: 'incidents split <incident> <code> …',
  about: [
    'Moves faults from an incident into a new incident, and shows the new one. Grouping rules do not merge the two again. If',
    'faults of several gateways have this code, <code>@<gateway> selects one of them; the code alone selects all.',
  ],
  examples: [['incidents split inc_41 BATTERY_MONITOR_PACK', 'move an unrelated battery fault to its own incident']],
  async run({ client, json, args: [id, ...names] }) {
    const path = { incident_id: id };
    const { faults } = await client.call('getIncident', { path });
    const body = { faults: names.flatMap((name) => faultsNamed(faults, name, id)) };
    const { text, value } = await client.ask('splitIncident', { path, body });
    console.log(json ? text : incidentTable([value]));
    return ExitCode.ok;
  },
});

/** Returns the faults of an incident with this code. Throws `CommandFailed` if there are none. */
export function faultsNamed(faults: IncidentDetail['faults'], name: string, id: string): IncidentSplit['faults'] {
  const named = faults.filter(
    ({ fault_code, origin }) => fault_code === name || (origin && `${fault_code}@${origin}` === name),
  );
  if (named.length > 0) {
    return named.map(({ fault_code, origin }) => ({ fault_code, ...(origin && { origin }) }));
  }
  const choice = faults.map(({ fault_code }) => fault_code).join(', ');
  throw new CommandFailed(`incident ${id} has no fault ${name}: use one of ${choice}`, ExitCode.notFound);
}
