import type { MeasuredPeer, PeerClock } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { timeInWords } from '../terminal/in-words.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['GATEWAY', 'STATUS', 'ROUND TRIP', 'CLOCK', 'ENTITIES', 'LAST SEEN', 'ADDRESS', 'PROBLEM'];
const NOBODY =
  'no other gateway is shown here: aggregation.enabled with aggregation.peer_urls and aggregation.peer_names shows some, aggregation.discover looks for some';

const COLOURS = { online: 'green', offline: 'red', pending: 'yellow' } as const;

/** `medkit peers`: the other gateways that a gateway shows. */
export const listPeers = remoteCommand({
  usage: 'peers',
  about: [
    'Lists the other gateways whose entities the gateway shows: whether each is there, how long it takes to answer, how far its',
    'clock is ahead, when it was heard of last, and what is wrong with it. `doctor` says what to do about that. Those that were found on the network and wait',
    'to be approved are `pending`: `peers approve` lets one in.',
  ],
  async run({ client, json }) {
    const { text, value } = await client.ask('listPeers', {});
    if (json) console.log(text);
    else console.log(peerTable(value.items));
    return ExitCode.ok;
  },
});

/** Names, addresses and problems as they were told. */
export function peerTable(peers: readonly MeasuredPeer[]): string {
  return peers.length === 0 ? NOBODY : table(HEAD, peers.map(row));
}

function row({ name, url, status, entities, last_seen, round_trip_ms, clock, problem }: MeasuredPeer): readonly Cell[] {
  return [
    name,
    { text: status, colour: COLOURS[status] },
    round_trip_ms == null ? '' : `${round_trip_ms} ms`,
    clock == null ? '' : offsetInWords(clock),
    String(entities),
    last_seen == null ? 'never' : timeInWords(new Date(last_seen)),
    url,
    problem ?? '',
  ];
}

/** `+12.4 ms ±0.9`: so far ahead of the gateway that is asked; `+0.2 ms ±0.9` may be none. */
function offsetInWords({ offset_ms, uncertainty_ms }: PeerClock): string {
  const isLong = Math.abs(offset_ms) >= 10_000;
  const shown = isLong
    ? `${(offset_ms / 1000).toFixed(1)} s`
    : `${offset_ms.toFixed(1)} ms ±${uncertainty_ms.toFixed(1)}`;
  return offset_ms < 0 ? shown : `+${shown}`;
}
