import { FLEET_EVIDENCE_KINDS, FLEET_EVIDENCE_STATES, type FleetEvidence } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { formatBytes, formatTime } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';

const HEAD = ['ID', 'ROBOT', 'FAULT', 'KIND', 'REPORTED', 'STATE', 'SIZE', 'REASON'];
const LIMIT = 500;

/** `medkit fleet evidence`: lists evidence. */
export const listEvidence = remoteCommand({
  usage: 'fleet evidence [robot]',
  asksHub: true,
  about: [
    `Lists the newest ${LIMIT} recordings, freeze frames and log windows that robots have reported. A file in the state \`kept\``,
    'is stored at the hub; others are on the robot, unless it has removed them.',
  ],
  options: {
    code: { takes: '<code>', about: 'only evidence of this fault code' },
    kind: { takes: '<kind>', about: `only ${FLEET_EVIDENCE_KINDS.join(', ')}` },
    state: { takes: '<state>', about: `only evidence that is ${FLEET_EVIDENCE_STATES.join(', ')}` },
  },
  examples: [
    ['fleet evidence amr-17 --kind recording', 'the recordings of a robot'],
    ['fleet evidence get 412', 'download one of them'],
  ],
  async run({ client, args: [robot], values, json }) {
    const { code, kind, state } = values as Readonly<Record<string, string | undefined>>;
    const filters = Object.entries({ robot, code, kind, state }).filter(([, value]) => value !== undefined);
    const query = { ...Object.fromEntries(filters), limit: LIMIT };
    const { text, value } = await client.ask('listFleetEvidence', { query });
    console.log(json ? text : evidenceTable(value.items));
    return ExitCode.ok;
  },
});

/** Evidence as a table. */
export function evidenceTable(items: readonly FleetEvidence[]): string {
  if (items.length === 0) return 'no evidence: robots report it with their faults';
  const rows = items.map(
    ({ id, robot, fault_code, descriptor, reported_at, state, stored_bytes, size_bytes, reason }) => [
      id,
      robot,
      fault_code,
      descriptor.evidence,
      formatTime(new Date(reported_at)),
      state === 'fetching' && size_bytes ? `${state} ${Math.floor((100 * stored_bytes) / size_bytes)} %` : state,
      size_bytes == null ? '' : formatBytes(size_bytes),
      reason ?? '',
    ],
  );
  return table(HEAD, rows);
}
