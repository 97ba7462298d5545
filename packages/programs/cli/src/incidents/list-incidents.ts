import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { incidentTable } from './incident-table.ts';
import { unresponsiveLines } from './incident-text.ts';

/** `medkit incidents`: lists incidents. */
export const listIncidents = remoteCommand({
  usage: 'incidents',
  about: [
    'Lists incidents, newest first. An incident groups all faults with one cause, also faults of the gateways that this gateway',
    'aggregates.',
  ],
  options: {
    state: {
      takes: '<state>',
      about: 'open, healed or closed, comma-separated; active means open,healed (default: all)',
    },
    since: { takes: '<time>', about: 'only incidents that were still active at this time or later (ISO 8601)' },
    entity: { takes: '<id>', about: 'only incidents with a fault of this entity or of its members' },
    severity: { takes: '<severity>', about: 'minimum severity: info, warn, error or critical' },
    limit: { takes: '<count>', about: 'maximum number of incidents, 1 to 200 (default 50)' },
    before: { takes: '<cursor>', about: 'next page: the cursor that the previous page printed' },
  },
  examples: [
    ['incidents --state open', 'the open incidents'],
    ['incidents --entity navigation --since 2026-03-23T02:00:00Z', 'incidents of the navigation since then'],
  ],
  async run({ client, values, json }) {
    const text = (name: string) => values[name] as string | undefined;
    const { state, since, entity, severity, limit } = Object.fromEntries(
      ['state', 'since', 'entity', 'severity', 'limit'].map((name) => [name, text(name)]),
    );
    const query = { state, since, entity, severity, limit, cursor: text('before') };
    const reply = await client.ask('listIncidents', { query });
    const { items, next_cursor: next, 'x-medkit': about } = reply.value;
    if (json) console.log(reply.text);
    else console.log(items.length > 0 ? incidentTable(items) : nothing(Object.values(query)));
    if (json) return ExitCode.ok;
    if (next) console.error(plainLine(`# older incidents: add --before ${next}`));
    for (const line of unresponsiveLines(about)) console.error(plainLine(line));
    return ExitCode.ok;
  },
});

function nothing(filters: readonly (string | undefined)[]): string {
  return filters.every((each) => each === undefined) ? 'no incidents' : 'no matching incidents';
}
