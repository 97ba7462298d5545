import type { MeasuredPeer } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { timeInWords } from '../terminal/in-words.ts';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['GATEWAY', 'STATUS', 'ROUND TRIP', 'ENTITIES', 'LAST SEEN', 'ADDRESS', 'PROBLEM'];
const NOBODY =
  'no other gateway is shown here: aggregation.enabled with aggregation.peer_urls and aggregation.peer_names shows some';

/** `medkit peers`: the other gateways that a gateway shows. */
export const listPeers = remoteCommand({
  usage: 'peers',
  about: [
    'Lists the other gateways whose entities the gateway shows: whether each is there, how long it takes to answer, when it was',
    'heard of last, and what is wrong with it. `doctor` says what to do about that.',
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

function row({ name, url, status, entities, last_seen, round_trip_ms, problem }: MeasuredPeer): readonly Cell[] {
  return [
    name,
    { text: status, colour: status === 'online' ? 'green' : 'red' },
    round_trip_ms == null ? '' : `${round_trip_ms} ms`,
    String(entities),
    last_seen == null ? 'never' : timeInWords(new Date(last_seen)),
    url,
    problem ?? '',
  ];
}
