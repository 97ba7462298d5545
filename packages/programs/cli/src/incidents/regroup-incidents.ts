import type { IncidentDetail, IncidentSplit } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { incidentTable } from './incident-table.ts';

/** `medkit incidents merge`: several were one event. */
export const mergeIncidents = remoteCommand({
  usage: 'incidents merge <incident> <incident> …',
  about: ['Makes one incident of several. The earliest keeps its id, to which the others lead from now on.'],
  examples: [['incidents merge inc_41 inc_43', 'they were one event']],
  async run({ client, json, words: [id, ...incidents] }) {
    const { text, value } = await client.ask('mergeIncidents', { path: { incident_id: id }, body: { incidents } });
    console.log(json ? text : incidentTable([value]));
    return ExitCode.ok;
  },
});

/** `medkit incidents split`: some of its faults were another event. */
export const splitIncident = remoteCommand({
  usage: 'incidents split <incident> <code> …',
  about: [
    'Makes an incident of its own of some faults, and shows it. No rule puts the two together again. Where faults of several',
    'gateways have one code, <code>@<gateway> names one of them; the code alone means all.',
  ],
  examples: [['incidents split inc_41 BATTERY_MONITOR_PACK', 'the battery had nothing to do with it']],
  async run({ client, json, words: [id, ...names] }) {
    const path = { incident_id: id };
    const { faults } = await client.call('getIncident', { path });
    const body = { faults: names.flatMap((name) => faultsNamed(faults, name, id)) };
    const { text, value } = await client.ask('splitIncident', { path, body });
    console.log(json ? text : incidentTable([value]));
    return ExitCode.ok;
  },
});

/** The faults of an incident that a word names. Throws `CommandFailed` where there is none. */
export function faultsNamed(faults: IncidentDetail['faults'], name: string, id: string): IncidentSplit['faults'] {
  const named = faults.filter(
    ({ fault_code, origin }) => fault_code === name || (origin && `${fault_code}@${origin}` === name),
  );
  if (named.length > 0) {
    return named.map(({ fault_code, origin }) => ({ fault_code, ...(origin && { origin }) }));
  }
  const choice = faults.map(({ fault_code }) => fault_code).join(', ');
  throw new CommandFailed(`${id} has no fault ${name}: it has ${choice}`, ExitCode.notFound);
}
