import type { HealthDds, HealthStatus, HealthTls, Peer } from '@medkit/contract';

const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
const list = (items: readonly string[]) => (items.length > 0 ? items.join(', ') : 'none');

type Row = readonly [name: string, value: string];

function ddsRows(dds: HealthDds): readonly Row[] {
  const { receive_buffer: buffer, datagrams } = dds;
  const kinds = dds.participants.map(({ vendor, version, count }) => `${count} × ${vendor} ${version ?? ''}`.trim());
  const dropped = Object.entries(dds.dropped).map(([reason, count]) => `${reason} ${count}`);
  return [
    ['domain', `${dds.domain_id} (range ${dds.discovery_range})`],
    ['interfaces', list(dds.interfaces)],
    ['participants', list(kinds)],
    ['not understood', String(dds.not_understood.length)],
    ['receive buffer', `${kib(buffer.granted_bytes)} of ${kib(buffer.asked_bytes)} requested`],
    ['datagrams', `${datagrams.received} received, ${datagrams.sent} sent, ${datagrams.send_failures} not sent`],
    ['dropped', list(dropped)],
  ];
}

const peerRow = ({ name, url, status, entities }: Peer): Row => [
  `gateway ${name}`,
  `${status}, ${entities} entities, ${url}`,
];

function tlsRow({ expires, self_signed, min_version }: HealthTls): Row {
  const kind = self_signed ? 'self-signed certificate' : 'certificate';
  return ['TLS', `${kind}, until ${expires.slice(0, 10)}; TLS ${min_version} and later`];
}

/** Summary of discovery and gateway state as table rows. */
export function healthRows(health: HealthStatus): readonly Row[] {
  const dds = health['x-medkit-dds'];
  const nodes = health['x-medkit-entity-cache']?.apps;
  const tls = health['x-medkit-tls'];
  return [
    ...(dds ? ddsRows(dds) : []),
    ...(tls ? [tlsRow(tls)] : []),
    ['nodes', String(nodes ?? 'unknown')],
    ...(health.peers ?? []).map(peerRow),
  ];
}
