import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import { useRef } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded, Skeleton } from '../regions/loaded.tsx';
import type { ParametersOf } from '../routes/pages.ts';
import './graph.css';
import { NoPipelines } from './no-pipelines.tsx';
import { PipelineList } from './pipeline-list.tsx';
import { PipelineView } from './pipeline-view.tsx';
import { t } from './texts.ts';
import { graphScopes, usePipelines } from './use-graph.ts';

/** The pipeline graphs of the robot: a list with their health, and one of them. Without an entity, the worst. */
export function GraphPage({ kind, id }: Partial<ParametersOf<'graph.entity'>>) {
  const tree = useRoute('getTree', {});
  const entity: EntityRef | undefined = kind !== undefined && id !== undefined ? { kind, id } : undefined;
  const named = tree.data?.items.find((item) => item.type === kind && item.id === id);
  return (
    <div className="stack">
      <Heading>{entity ? t.titleOf(named?.name ?? entity.id) : t.title}</Heading>
      <Loaded query={tree} height={420}>
        {({ items }) => <Pipelines items={items} entity={entity} />}
      </Loaded>
    </div>
  );
}

interface PipelinesProps {
  readonly items: readonly TreeItem[];
  readonly entity: EntityRef | undefined;
}

function Pipelines({ items, entity }: PipelinesProps) {
  const { listed, others } = graphScopes(items);
  const { pipelines, isRead } = usePipelines(listed);
  // Chosen once: the picture must not change under the reader when another pipeline becomes worse.
  const worst = useRef<EntityRef>(undefined);
  if (isRead) worst.current ??= pipelines[0]?.entity;
  const selected = entity ?? worst.current;
  if (listed.length === 0 && entity === undefined) return <NoPipelines />;
  return (
    <div className="graph-columns">
      <PipelineList pipelines={pipelines} others={others} selected={selected} />
      {selected ? (
        <PipelineView key={`${selected.kind} ${selected.id}`} entity={selected} items={items} />
      ) : (
        <Skeleton height={420} />
      )}
    </div>
  );
}
