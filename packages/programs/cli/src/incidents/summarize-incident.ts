import type { Client } from '@medkit/client';
import { stringifyJson } from '@medkit/core/json';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { terminalScreen } from '../terminal/screen.ts';
import { unresponsiveLines } from './incident-text.ts';
import { readSummary } from './read-summary.ts';
import { incidentSummaryLines } from './summary-lines.ts';

/** `medkit why`: summarizes an incident for the on-call engineer. */
export const summarizeIncident = remoteCommand({
  usage: 'why [incident]',
  about: [
    'Summarizes an incident in about twenty lines: state, the value that crossed a threshold, follow-up faults, operator changes',
    'before it, log entries, recordings, and commands for the next steps. Without an id, summarizes the newest open incident,',
    'or the newest incident if none is open.',
  ],
  examples: [
    ['why', 'the newest open incident'],
    ['why inc_41', 'a past incident'],
  ],
  async run({ client, json, args: [word], values }) {
    const newest = word === undefined ? await newestIncident(client) : { id: word, about: undefined };
    if (newest.id === undefined) {
      console.log(json ? 'null' : 'no incidents');
      for (const line of json ? [] : unresponsiveLines(newest.about)) console.error(plainLine(line));
      return ExitCode.ok;
    }
    const story = await readSummary(client, newest.id);
    const more = values.url === undefined ? '' : `--url ${client.url}`;
    if (json) console.log(stringifyJson(story));
    else
      for (const line of incidentSummaryLines(story, {
        screen: terminalScreen(),
        medkit: invocation(process.env),
        more,
      }))
        console.log(line);
    return ExitCode.ok;
  },
});

async function newestIncident(client: Client) {
  const open = await client.call('listIncidents', { query: { state: 'open', limit: 1 } });
  const { items, 'x-medkit': about } =
    open.items.length > 0 ? open : await client.call('listIncidents', { query: { limit: 1 } });
  return { id: items[0]?.id, about };
}
