import type { GraphEdge } from '@medkit/plugin-graph/document';
import { Check, CircleDashed, CircleX, type LucideIcon, TriangleAlert, Unplug } from 'lucide-react';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { type EdgeRow, type EdgeState, figureText } from './edge-state.ts';
import { t } from './texts.ts';

/** Icon of each state: the state is never shown by colour alone. */
export const STATE_ICONS = {
  error: CircleX,
  bottleneck: TriangleAlert,
  gone: Unplug,
  pending: CircleDashed,
  ok: Check,
} as const satisfies Record<EdgeState, LucideIcon>;

/** Returns the state of an edge as text: the reason of an error, else the state. */
export function stateText(state: EdgeState, { metrics }: GraphEdge): string {
  return state === 'error' && metrics.error_reason ? t.reasons[metrics.error_reason] : t.states[state];
}

/** The state of an edge as icon and text. */
export function StateLabel({ state, edge }: { readonly state: EdgeState; readonly edge: GraphEdge }) {
  const Icon = STATE_ICONS[state];
  return (
    <span className={`graph-state graph-state-${state}`}>
      <Icon size={15} aria-hidden="true" />
      {stateText(state, edge)}
    </span>
  );
}

const qosText = ({ qos }: GraphEdge): string =>
  qos.incompatible.length === 0 ? t.compatible : qos.incompatible.join(', ');
const rateText = ({ metrics }: GraphEdge): string => figureText(metrics.frequency_hz, 'Hz');

/** The columns of the table of edges. */
export function edgeColumns(nameOf: (id: string) => string): readonly Column<EdgeRow>[] {
  const number = { className: 'number', isWideOnly: true } as const;
  return [
    {
      id: 'state',
      title: t.state,
      width: '9rem',
      sortBy: ({ state, edge }) => stateText(state, edge),
      cell: ({ state, edge }) => <StateLabel state={state} edge={edge} />,
      under: ({ edge }) => rateText(edge),
    },
    {
      id: 'topic',
      title: t.topic,
      className: 'mono',
      sortBy: ({ topic }) => topic,
      cell: ({ topic }) => <span title={topic}>{topic}</span>,
      under: ({ edge }) => `${nameOf(edge.source)} → ${nameOf(edge.target)}`,
    },
    nodeColumn('from', t.from, ({ edge }) => edge.source, nameOf),
    nodeColumn('to', t.to, ({ edge }) => edge.target, nameOf),
    {
      id: 'rate',
      title: t.rate,
      width: '5.5rem',
      ...number,
      sortBy: ({ edge }) => edge.metrics.frequency_hz,
      cell: ({ edge }) => rateText(edge),
    },
    {
      id: 'expected',
      title: t.expected,
      width: '5.5rem',
      ...number,
      sortBy: ({ edge }) => edge.metrics.expected_frequency_hz,
      cell: ({ edge }) => figureText(edge.metrics.expected_frequency_hz, 'Hz'),
    },
    {
      id: 'latency',
      title: t.latency,
      width: '6rem',
      ...number,
      sortBy: ({ edge }) => edge.metrics.latency_ms,
      cell: ({ edge }) => figureText(edge.metrics.latency_ms, 'ms'),
    },
    {
      id: 'loss',
      title: t.loss,
      width: '5rem',
      ...number,
      sortBy: ({ edge }) => edge.metrics.drop_rate_percent,
      cell: ({ edge: { metrics } }) =>
        figureText(metrics.frequency_hz === null ? null : metrics.drop_rate_percent, '%'),
    },
    {
      id: 'qos',
      title: t.qos,
      width: '7rem',
      isWideOnly: true,
      sortBy: ({ edge }) => qosText(edge),
      cell: ({ edge }) => <span className={edge.qos.compatible ? 'soft' : 'severity-2'}>{qosText(edge)}</span>,
    },
  ];
}

function nodeColumn(
  id: string,
  title: string,
  of: (row: EdgeRow) => string,
  nameOf: (id: string) => string,
): Column<EdgeRow> {
  return {
    id,
    title,
    width: '16%',
    isWideOnly: true,
    sortBy: (row) => nameOf(of(row)),
    cell: (row) => (
      <Link to={addressOf('entity', { kind: 'app', id: of(row) })} title={of(row)} tabIndex={-1}>
        {nameOf(of(row))}
      </Link>
    ),
  };
}
