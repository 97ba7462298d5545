import type { MeasuredPeer, PeerClock } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['GATEWAY', 'STATUS', 'ROUND TRIP', 'CLOCK', 'ENTITIES', 'LAST SEEN', 'ADDRESS', 'PROBLEM'];
const NO_PEERS =
  'this gateway aggregates no other gateway: set aggregation.enabled with aggregation.peer_urls and aggregation.peer_names, or aggregation.discover';

const COLOURS = { online: 'green', offline: 'red', pending: 'yellow' } as const;

/** `medkit peers`: lists the gateways that a gateway aggregates. */
export const listPeers = remoteCommand({
  usage: 'peers',
  about: [
    'Lists the gateways that this gateway aggregates: status, round trip time, clock offset (positive: ahead of this gateway),',
    'number of entities, time of the last contact, and the current problem. `doctor` suggests fixes. Discovered gateways that',
    'wait for approval are `pending`: approve them with `peers approve`.',
  ],
  examples: [['peers --url robot-01', 'the gateways that robot-01 aggregates']],
  async run({ client, json }) {
    const { text, value } = await client.ask('listPeers', {});
    if (json) console.log(text);
    else console.log(peerTable(value.items));
    return ExitCode.ok;
  },
});

/** Peers as a table. */
export function peerTable(peers: readonly MeasuredPeer[]): string {
  return peers.length === 0 ? NO_PEERS : table(HEAD, peers.map(row));
}

function row({ name, url, status, entities, last_seen, round_trip_ms, clock, problem }: MeasuredPeer): readonly Cell[] {
  return [
    name,
    { text: status, colour: COLOURS[status] },
    round_trip_ms == null ? '' : `${round_trip_ms} ms`,
    clock == null ? '' : formatOffset(clock),
    String(entities),
    last_seen == null ? 'never' : formatTime(new Date(last_seen)),
    url,
    problem ?? '',
  ];
}

/** `+12.4 ms ±0.9`: clock offset; positive if ahead of the queried gateway. May be zero within the uncertainty. */
function formatOffset({ offset_ms, uncertainty_ms }: PeerClock): string {
  const isLong = Math.abs(offset_ms) >= 10_000;
  const text = isLong
    ? `${(offset_ms / 1000).toFixed(1)} s`
    : `${offset_ms.toFixed(1)} ms ±${uncertainty_ms.toFixed(1)}`;
  return offset_ms < 0 ? text : `+${text}`;
}
