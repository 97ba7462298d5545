import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { incidentTable } from './incident-table.ts';
import { silentLines } from './incident-words.ts';

/** `medkit incidents`: what happened, each event once. */
export const listIncidents = remoteCommand({
  usage: 'incidents',
  about: [
    'Lists incidents, the newest first. One is an event of the world with all faults that came of it, at whichever of the',
    'gateways that are shown.',
  ],
  options: {
    state: { takes: '<state>', about: 'open, healed or closed, several with commas; active for open,healed' },
    since: { takes: '<time>', about: 'only what was not over before this time (ISO 8601)' },
    entity: { takes: '<id>', about: 'only with a fault of this entity, or of what it contains' },
    severity: { takes: '<severity>', about: 'only what is at least this grave: info, warn, error or critical' },
    limit: { takes: '<count>', about: 'at most so many (50; up to 200)' },
    before: { takes: '<cursor>', about: 'those before the last ones, which say what to write here' },
  },
  examples: [
    ['incidents --state open', 'what lasts'],
    ['incidents --entity navigation --since 2026-03-23T02:00:00Z', 'of the navigation, since then'],
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
    if (next) console.error(plainLine(`# more before these: --before ${next}`));
    for (const line of silentLines(about)) console.error(plainLine(line));
    return ExitCode.ok;
  },
});

function nothing(asked: readonly (string | undefined)[]): string {
  return asked.every((each) => each === undefined) ? 'no incident' : 'no such incident';
}
