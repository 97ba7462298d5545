import type { FleetQueuedRequest } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { Choice, FilterBar } from '../controls/filter-bar.tsx';
import { FleetPart } from '../fleet/fleet-off.tsx';
import { LoadMore } from '../fleet/load-more.tsx';
import { RobotFilter } from '../fleet/robot-filter.tsx';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { QUEUE_COLUMNS } from './queue-columns.tsx';
import { QueuedRequestDialog } from './queued-request-dialog.tsx';
import { t } from './texts.ts';
import { useQueue } from './use-queue.ts';
import '../fleet/fleet.css';

/** The requests that wait for robots that are away, and those that ended. */
export function QueuePage(_: ParametersOf<'queue'>) {
  const search = useSearch();
  const [robot, state] = [search.get('robot') ?? '', search.get('state') ?? ''];
  const { query, items, total } = useQueue(
    useMemo(() => ({ ...(robot && { robot }), ...(state && { state }) }), [robot, state]),
  );
  const [opened, open] = useState<FleetQueuedRequest>();
  return (
    <FleetPart heading={texts.shell.queue} error={query.error}>
      <div className="stack">
        <Heading>{texts.shell.queue}</Heading>
        <FilterBar>
          <RobotFilter />
          <Choice
            label={t.state}
            value={state}
            options={[['', t.anyState], ...Object.entries(t.states)]}
            onChoose={(chosen) => changeSearch({ state: chosen })}
          />
        </FilterBar>
        <Loaded query={{ data: items, error: query.error, refetch: query.refetch }} height={420}>
          {(rows) => (
            <section className="card fleet-table" aria-label={t.list}>
              <p className="soft number fleet-bar">{t.counted(rows.length, total)}</p>
              <DataTable
                isMain
                label={t.list}
                rows={rows}
                keyOf={idOf}
                columns={QUEUE_COLUMNS}
                onOpen={open}
                emptyText={robot || state ? t.noneWith : t.none}
              />
              <LoadMore query={query} />
            </section>
          )}
        </Loaded>
        {opened && (
          <QueuedRequestDialog
            // A request whose state changes may leave the list.
            request={items?.find(({ id }) => id === opened.id) ?? opened}
            onClose={() => open(undefined)}
          />
        )}
      </div>
    </FleetPart>
  );
}

const idOf = ({ id }: FleetQueuedRequest): string => id;
