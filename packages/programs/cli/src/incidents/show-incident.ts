import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { incidentLines } from './incident-lines.ts';

/** `medkit incidents show`: shows an incident with its faults. */
export const showIncident = remoteCommand({
  usage: 'incidents show <incident>',
  about: [
    'Shows an incident: the root fault, each further fault with its delay and the reason why it belongs to the incident, whether',
    'the robot is blocked, notes, recordings, and gateways that did not answer. `why` prints a summary.',
  ],
  examples: [['incidents show inc_41', 'all faults, notes and recordings of an incident']],
  async run({ client, json, args: [id] }) {
    const { text, value } = await client.ask('getIncident', { path: { incident_id: id } });
    if (json) console.log(text);
    else for (const line of incidentLines(value)) console.log(line);
    return ExitCode.ok;
  },
});
