import type { UplinkBudget, UplinkHub, UplinkStatus } from '@medkit/contract';
import { columns } from '../command/columns.ts';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatBytes, formatTime } from '../terminal/format.ts';

const STATES: Readonly<Record<UplinkStatus['state'], string>> = {
  'not-enrolled': 'this robot is not enrolled at a fleet hub',
  connecting: 'connecting',
  connected: 'connected',
  waiting: 'not connected',
  closed: 'closed: the gateway stops',
  broken: 'cannot be used',
};

/** `medkit uplink`: shows the connections of the robot to its fleet hubs. */
export const showUplink = remoteCommand({
  usage: 'uplink',
  about: [
    'Shows each fleet hub of the robot, whether it is connected and since when, what the hub may do on the robot, how many records',
    'wait for it, and why the last attempt failed, with what to do.',
  ],
  examples: [['uplink', 'the connections of the robot on this machine']],
  async run({ client, json }) {
    const { text, value } = await client.ask('getUplink', {});
    console.log(json ? text : uplinkLines(value));
    return ExitCode.ok;
  },
});

/** Names of the classes of the data budget. */
const CLASSES = ['connection', 'log', 'frames', 'people', 'urgent files', 'other files'];

function budgetText(
  { used_bytes: used, limit_bytes: limit, renews, metered, bulk_waits: waits, classes }: UplinkBudget,
  time: (text: string) => string,
): string {
  const parts = classes.map(({ class: each, sent_bytes: sent, received_bytes: received }) => ({
    name: CLASSES[each] ?? String(each),
    bytes: sent + received,
  }));
  const list = parts.filter(({ bytes }) => bytes > 0).map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`);
  const total =
    limit == null
      ? `${formatBytes(used)}, no limit`
      : `${formatBytes(used)} of ${formatBytes(limit)} until ${time(renews)}`;
  return [
    `${total}${metered ? ', metered' : ''}`,
    ...(list.length > 0 ? [`(${list.join(', ')})`] : []),
    ...(waits == null ? [] : [`; other files wait: ${waits}`]),
  ].join(' ');
}

const NOT_ENROLLED = `${STATES['not-enrolled']}: run \`medkit enrol <link>\` on the robot`;

/** One line per property that the gateway knows, with an empty line between two hubs. */
export function uplinkLines(status: UplinkStatus): string {
  const { state, log, hubs } = status;
  if (state === 'not-enrolled' && !log) return NOT_ENROLLED;
  const known = hubs ?? [];
  const ofLog = log ? [['log', `record ${log.newest}, ${log.waiting} not committed by every reader`]] : [];
  const blocks = [
    ...(known.length > 0 ? known : [status]).map(hubRows),
    [...ofLog, ...(log ? cursorRows(log, known) : [])],
  ].filter((rows) => rows.length > 0);
  return blocks.map((rows) => columns(rows.map((row) => row.map(plainLine)))).join('\n\n');
}

type HubStatus = Omit<UplinkHub, 'required'> & Partial<Pick<UplinkHub, 'required'>>;

function hubRows(status: HubStatus): readonly (readonly string[])[] {
  const {
    state,
    since,
    hub,
    robot,
    fingerprint,
    role,
    permissions,
    last_end: end,
    problem,
    required,
    waiting,
  } = status;
  const time = (text: string | null | undefined): string => (text == null ? '' : formatTime(new Date(text)));
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['state', since == null ? STATES[state] : `${STATES[state]} since ${time(since)}`],
    ['problem', problem],
    ['hub', hub && `${hub.name} at ${hub.url} (key ${hub.fingerprint})`],
    ['robot', robot && `${robot} (key ${fingerprint})`],
    ['next attempt', time(status.next_attempt)],
    ['last end', end && `${time(end.at)}: ${end.text}`],
    ['remedy', state === 'connected' ? undefined : end?.remedy],
    ['round trip', status.round_trip_ms == null ? undefined : `${status.round_trip_ms} ms`],
    ['clock of the hub', status.hub_clock_offset_ms == null ? undefined : `${status.hub_clock_offset_ms} ms ahead`],
    ['data today', status.budget ? budgetText(status.budget, time) : undefined],
    ['the hub may', hub && `${role}: ${permissions?.join(', ')}`],
    ['waiting', waiting == null ? undefined : waitingText(waiting, required !== false)],
  ];
  return rows.flatMap(([label, text]) => (text ? [[label, text]] : []));
}

const waitingText = (waiting: number, isRequired: boolean): string =>
  `${waiting} records${isRequired ? '' : '; the log does not wait for this hub'}`;

/** The cursors of programs on this machine; those of hubs are what waits for them. */
const cursorRows = ({ hubs: cursors }: NonNullable<UplinkStatus['log']>, hubs: readonly UplinkHub[]) =>
  cursors.flatMap(({ hub: name, seq }) =>
    hubs.some(({ hub }) => hub?.name === name) ? [] : [[`cursor of ${name}`, String(seq)]],
  );
