import type { MeasuredPeer, PeerList } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { useIsLost } from '../live/live-stream.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import type { ParametersOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { Ago } from '../time/time.tsx';
import { formatDuration, timeMs } from '../time/times.ts';
import './peers.css';
import { t } from './texts.ts';

const EVERY_MS = 5000;
const HOW_TO = `aggregation:
  enabled: true
  discover: true
  peer_urls: ["http://10.0.0.7:8080"]
  peer_names: ["arm"]`;

/** The peer gateways: state, latency, and peers that wait for approval. */
export function PeersPage(_: ParametersOf<'peers'>) {
  const peers = useRoute('listPeers', {}, { everyMs: EVERY_MS });
  return (
    <div className="stack">
      <Heading>{texts.shell.peers}</Heading>
      <Loaded query={peers} height={240}>
        {(list) => (list.items.length === 0 ? <NoPeers /> : <Peers list={list} />)}
      </Loaded>
    </div>
  );
}

function NoPeers() {
  return (
    <section className="card stack" aria-label={texts.shell.peers}>
      <p>
        <strong>{t.none}</strong>
      </p>
      <p className="soft">{t.whatFor}</p>
      <p>{t.howTo}</p>
      <pre className="peer-how-to">{HOW_TO}</pre>
    </section>
  );
}

interface ApprovalChange {
  readonly peer: MeasuredPeer;
  readonly isApproved: boolean;
}

function Peers({ list }: { readonly list: PeerList }) {
  const [requested, ask] = useState<ApprovalChange>();
  const mayApprove = usePermission('peers');
  const isLost = useIsLost();
  const hasFound = mayApprove && list.items.some(({ discovered }) => discovered);
  const columns = useMemo(() => peerColumns(hasFound, isLost, ask), [hasFound, isLost]);
  const { discovery } = list;
  const change = async (): Promise<void> => {
    if (!requested) return;
    const path = { peer_name: requested.peer.name };
    if (requested.isApproved) await gateway().call('approvePeer', { path, body: { url: requested.peer.url } });
    else await gateway().call('forgetPeer', { path });
    refetchRoutes(['listPeers', 'getTree', 'listEntities', 'getHealth']);
  };
  return (
    <>
      <section className="card peer-table" aria-label={texts.shell.peers}>
        <DataTable
          isMain
          label={texts.shell.peers}
          rows={list.items}
          keyOf={nameOf}
          columns={columns}
          emptyText={t.none}
        />
      </section>
      {discovery && (
        <p className="soft">
          {discovery.announced_as && t.announced(discovery.announced_as, discovery.service)}{' '}
          {Object.keys(discovery.dropped).length > 0 &&
            `${t.dropped}: ${Object.entries(discovery.dropped)
              .map(([reason, count]) => `${reason} ${count}`)
              .join(', ')}`}
        </p>
      )}
      {requested && (
        <Confirm
          title={requested.isApproved ? t.approveTitle(requested.peer.name) : t.forgetTitle(requested.peer.name)}
          action={requested.isApproved ? t.approveNow : t.forgetNow}
          onConfirm={change}
          onClose={() => ask(undefined)}
        >
          <p>{requested.isApproved ? t.approveEffect(requested.peer.url) : t.forgetEffect}</p>
        </Confirm>
      )}
    </>
  );
}

const nameOf = ({ name }: MeasuredPeer): string => name;

/** `0.7 ms`, `12 s` */
function shortSpan(ms: number): string {
  return Math.abs(ms) < 1000 ? `${Math.abs(ms).toFixed(1)} ms` : formatDuration(Math.abs(ms));
}

function peerColumns(
  mayApprove: boolean,
  isLost: boolean,
  ask: (change: ApprovalChange) => void,
): readonly Column<MeasuredPeer>[] {
  return [
    {
      id: 'name',
      title: t.name,
      sortBy: nameOf,
      cell: ({ name }) => <strong>{name}</strong>,
      under: ({ url, status }) => `${texts.peers.states[status]} · ${url}`,
    },
    {
      id: 'address',
      title: t.address,
      width: '24%',
      className: 'mono',
      isWideOnly: true,
      sortBy: ({ url }) => url,
      cell: ({ url }) => <span title={url}>{url}</span>,
    },
    {
      id: 'state',
      title: t.state,
      width: '7rem',
      isWideOnly: true,
      sortBy: ({ status }) => status,
      cell: ({ status, discovered }) => (
        <span className={`peer-state peer-${status}`} title={discovered ? t.found : undefined}>
          {texts.peers.states[status]}
        </span>
      ),
    },
    {
      id: 'entities',
      title: t.entities,
      width: '6rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ entities }) => entities,
      cell: ({ entities }) => entities,
    },
    {
      id: 'trip',
      title: t.roundTrip,
      width: '7rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ round_trip_ms }) => round_trip_ms,
      cell: ({ round_trip_ms }) => (typeof round_trip_ms === 'number' ? shortSpan(round_trip_ms) : '–'),
    },
    {
      id: 'clock',
      title: t.clock,
      width: '12rem',
      isWideOnly: true,
      cell: ({ clock }) =>
        clock
          ? (clock.offset_ms < 0 ? t.behind : t.ahead)(shortSpan(clock.offset_ms), shortSpan(clock.uncertainty_ms))
          : '–',
    },
    {
      id: 'seen',
      title: t.seen,
      width: '8rem',
      isWideOnly: true,
      cell: ({ last_seen }) => (last_seen ? <Ago ms={timeMs(last_seen)} /> : '–'),
    },
    {
      id: 'problem',
      title: t.problem,
      width: '12%',
      isWideOnly: true,
      cell: ({ problem }) => problem && <span title={problem}>{problem}</span>,
    },
    ...(mayApprove ? [approvalColumn(isLost, ask)] : []),
  ];
}

function approvalColumn(isLost: boolean, ask: (change: ApprovalChange) => void): Column<MeasuredPeer> {
  return {
    id: 'approval',
    title: '',
    width: '8.5rem',
    cell: (peer) => {
      if (!peer.discovered) return null;
      const isApproved = peer.status === 'pending';
      return (
        <button type="button" className="button peer-ask" disabled={isLost} onClick={() => ask({ peer, isApproved })}>
          {isApproved ? t.approve : t.forget}
        </button>
      );
    },
  };
}
