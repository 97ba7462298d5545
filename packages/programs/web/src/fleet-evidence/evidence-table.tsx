import type { FleetEvidence } from '@medkit/contract';
import { useState } from 'react';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { EvidenceDialog } from './evidence-dialog.tsx';
import { EvidenceState, sizeText } from './evidence-state.tsx';
import { t } from './texts.ts';
import './evidence.css';

interface EvidenceTableProps {
  readonly items: readonly FleetEvidence[];
  readonly emptyText: string;
  /** Whether it is the main list of the page. */
  readonly isMain?: boolean;
}

/** Evidence as a table; a row opens its details and actions. */
export function EvidenceTable({ items, emptyText, isMain = false }: EvidenceTableProps) {
  const [openId, open] = useState<string>();
  const opened = items.find(({ id }) => id === openId);
  return (
    <>
      <DataTable
        isMain={isMain}
        label={t.list}
        rows={items}
        keyOf={idOf}
        columns={COLUMNS}
        onOpen={({ id }) => open(id)}
        emptyText={emptyText}
      />
      {opened && <EvidenceDialog evidence={opened} onClose={() => open(undefined)} />}
    </>
  );
}

const idOf = ({ id }: FleetEvidence): string => id;

const COLUMNS: readonly Column<FleetEvidence>[] = [
  {
    id: 'robot',
    title: t.robot,
    width: '18%',
    isWideOnly: true,
    cell: ({ robot }) => <strong title={robot}>{robot}</strong>,
  },
  {
    id: 'code',
    title: t.code,
    cell: ({ fault_code: code }) => <code title={code}>{code}</code>,
    under: ({ robot, state, descriptor }) =>
      [robot, t.kinds[descriptor.evidence], t.states[state]].filter(Boolean).join(' · '),
  },
  {
    id: 'kind',
    title: t.kind,
    width: '9.5rem',
    isWideOnly: true,
    cell: ({ descriptor }) => t.kinds[descriptor.evidence],
  },
  {
    id: 'state',
    title: t.state,
    width: '22%',
    isWideOnly: true,
    cell: (evidence) => <EvidenceState evidence={evidence} />,
  },
  {
    id: 'size',
    title: t.size,
    width: '10rem',
    className: 'number',
    isWideOnly: true,
    cell: (evidence) => sizeText(evidence) || <span className="soft">–</span>,
  },
  {
    id: 'reported',
    title: t.reported,
    width: '8rem',
    cell: ({ reported_at }) => <Ago ms={timeMs(reported_at)} />,
  },
];
