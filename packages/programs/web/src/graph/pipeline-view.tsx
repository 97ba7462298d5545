import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import type { PipelineGraph } from '@medkit/plugin-graph/document';
import { useMemo } from 'react';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { edgeColumns } from './edge-columns.tsx';
import { EdgeDetail } from './edge-detail.tsx';
import { type EdgeRow, edgeRows } from './edge-state.ts';
import { Health } from './pipeline-list.tsx';
import { PipelinePicture } from './pipeline-picture.tsx';
import { t } from './texts.ts';
import { useGraph } from './use-graph.ts';

/** Id of the table that describes the picture. */
const TABLE = 'graph-edges';

interface PipelineViewProps {
  readonly entity: EntityRef;
  readonly items: readonly TreeItem[];
}

/** One pipeline: its picture, the selected edge, and a table of all edges. */
export function PipelineView({ entity, items }: PipelineViewProps) {
  const graph = useGraph(entity);
  const name = items.find(({ type, id }) => type === entity.kind && id === entity.id)?.name ?? entity.id;
  return (
    <div className="stack graph-view">
      <Loaded query={graph} height={420}>
        {(current) => <LoadedPipeline graph={current} name={name} items={items} />}
      </Loaded>
    </div>
  );
}

const keyOf = ({ id }: EdgeRow): string => id;
const select = (id: string | undefined): void => changeSearch({ edge: id });

interface LoadedPipelineProps {
  readonly graph: PipelineGraph;
  readonly name: string;
  readonly items: readonly TreeItem[];
}

function LoadedPipeline({ graph, name, items }: LoadedPipelineProps) {
  const selected = useSearch().get('edge') ?? undefined;
  const rows = useMemo(() => edgeRows(graph), [graph]);
  const names = useMemo(
    () => new Map(items.filter(({ type }) => type === 'app').map((app) => [app.id, app.name])),
    [items],
  );
  const columns = useMemo(() => edgeColumns((id) => names.get(id) ?? id), [names]);
  const row = rows.find(({ id }) => id === selected);
  const nameOf = (id: string): string => names.get(id) ?? id;
  return (
    <>
      <Region
        title={name}
        aside={
          <span className="row">
            <Health status={graph.pipeline_status} />
            <span className="soft">
              {t.summary(graph.nodes.length, graph.edges.length)} · {t.updated} <Time ms={timeMs(graph.timestamp)} />
            </span>
          </span>
        }
      >
        {graph.nodes.length === 0 ? (
          <p className="soft">{t.noNodes}</p>
        ) : (
          <PipelinePicture
            graph={graph}
            rows={rows}
            nameOf={nameOf}
            selected={selected}
            onSelect={select}
            table={TABLE}
          />
        )}
      </Region>
      {row && <EdgeDetail row={row} nameOf={nameOf} onClose={() => select(undefined)} />}
      {rows.length > 0 && (
        <section className="card graph-table" id={TABLE} aria-label={t.edges}>
          <DataTable
            isMain
            label={t.edges}
            rows={rows}
            keyOf={keyOf}
            columns={columns}
            onOpen={({ id }) => select(id)}
            emptyText={t.noEdges}
          />
          {graph.omitted_edges !== undefined && <p className="partial">{t.omitted(graph.omitted_edges)}</p>}
        </section>
      )}
    </>
  );
}
