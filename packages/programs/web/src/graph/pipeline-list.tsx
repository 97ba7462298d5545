import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import { CircleCheck, CircleDashed, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import { Choice } from '../controls/filter-bar.tsx';
import { Link } from '../routes/link.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { t } from './texts.ts';
import type { Pipeline } from './use-graph.ts';

const ICONS = {
  broken: CircleX,
  degraded: TriangleAlert,
  healthy: CircleCheck,
} as const satisfies Record<string, LucideIcon>;

/** The health of a pipeline as icon and word; colour is secondary. */
export function Health({ status }: { readonly status: Pipeline['status'] }) {
  const Icon = status ? ICONS[status] : CircleDashed;
  return (
    <span className={`graph-health graph-${status ?? 'unread'}`}>
      <Icon size={16} aria-hidden="true" />
      {status ? t.statuses[status] : t.unread}
    </span>
  );
}

interface PipelineListProps {
  readonly pipelines: readonly Pipeline[];
  /** Other entities with a graph. */
  readonly others: readonly TreeItem[];
  readonly selected: EntityRef | undefined;
}

/** The pipelines of the robot, worst first, and a choice of the other entities that have one. */
export function PipelineList({ pipelines, others, selected }: PipelineListProps) {
  const isSelected = ({ kind, id }: EntityRef): boolean => kind === selected?.kind && id === selected.id;
  const keyOf = ({ type, id }: TreeItem): string => `${type} ${id}`;
  const chosen = others.find(({ type, id }) => isSelected({ kind: type, id }));
  const choose = (key: string): void => {
    const item = others.find((other) => keyOf(other) === key);
    if (item) goTo(addressOf('graph.entity', { kind: item.type, id: item.id }));
  };
  return (
    <nav className="stack graph-list" aria-label={t.list}>
      <ul>
        {pipelines.map(({ entity, name, status }) => (
          <li key={`${entity.kind} ${entity.id}`}>
            <Link
              className="graph-entry"
              to={addressOf('graph.entity', entity)}
              {...(isSelected(entity) && { 'aria-current': 'true' as const })}
            >
              <span className="graph-entry-name">{name}</span>
              <Health status={status} />
            </Link>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <Choice
          label={t.other}
          value={chosen ? keyOf(chosen) : ''}
          options={[
            ['', t.choose],
            ...others.map((item) => [keyOf(item), `${item.name} · ${texts.kinds[item.type]}`] as const),
          ]}
          onChoose={choose}
        />
      )}
    </nav>
  );
}
