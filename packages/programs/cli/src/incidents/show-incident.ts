import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { incidentLines } from './incident-lines.ts';

/** `medkit incidents show`: one of them, with its faults and why each is counted to it. */
export const showIncident = remoteCommand({
  usage: 'incidents show <incident>',
  about: [
    'Shows an incident: its root, the other faults each with the reason why it is counted to it and how long after the root it',
    'came, whether a fault of it holds the robot, notes, recordings, and who did not answer. `why` tells it in short.',
  ],
  examples: [['incidents show inc_41', 'what came of what']],
  async run({ client, json, words: [id] }) {
    const { text, value } = await client.ask('getIncident', { path: { incident_id: id } });
    if (json) console.log(text);
    else for (const line of incidentLines(value)) console.log(line);
    return ExitCode.ok;
  },
});
