import type { FaultListItem } from '@medkit/contract';
import { useCallback, useMemo, useState } from 'react';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { useIsLost } from '../live/live-stream.ts';
import { useAbsentRobot } from '../queue-offer/use-absent-robot.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { ClearFaults } from './clear-faults.tsx';
import { faultColumns, pageOfFault, severityLabel } from './fault-columns.tsx';
import {
  clearable,
  entitiesOf,
  type ListedFaults,
  listedFaults,
  matchingFaults,
  STATUS_FILTERS,
} from './fault-filter.ts';
import { FaultFilters } from './fault-filters.tsx';
import { type AllFaults, MAX_FAULTS, useAllFaults } from './fault-list.ts';
import { faultKey } from './fault-state.ts';
import { faultTexts } from './texts.ts';
import './faults.css';
import type { IncidentOf } from './incidents-of-faults.ts';
import { MutedFaults } from './muted-faults.tsx';
import { NoFaults } from './no-faults.tsx';
import { useIncidentsOfFaults } from './use-incidents-of-faults.ts';

/** The faults of the whole robot, with filters and groups, to open or clear. */
export function FaultsPage(_: ParametersOf<'faults'>) {
  const search = useSearch().toString();
  const listed = useMemo(() => listedFaults(new URLSearchParams(search)), [search]);
  const query = useAllFaults({ status: STATUS_FILTERS[listed.status], withMuted: listed.withMuted });
  const entities = useMemo(() => entitiesOf(query.data?.faults ?? []), [query.data]);
  return (
    <div className="stack fault-list">
      <Heading>{texts.shell.faults}</Heading>
      <FaultFilters listed={listed} entities={entities} />
      <Loaded query={query} height={400}>
        {(every) => (
          <>
            <PartialNotice about={every.about} />
            {listed.withMuted && <MutedFaults muted={every.muted} clusters={every.clusters} />}
            <FaultList every={every} listed={listed} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function FaultList({ every, listed }: { readonly every: AllFaults; readonly listed: ListedFaults }) {
  const t = faultTexts;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isClearing, setClearing] = useState(false);
  const incidentOf = useIncidentsOfFaults();
  const columns = useMemo(() => faultColumns(incidentOf), [incidentOf]);
  const rows = useMemo(() => matchingFaults(every.faults, listed), [every, listed]);
  const groupOf = useGroupOf(listed.by, incidentOf);
  const mayClear = usePermission('faults.clear');
  const [isLost, absent] = [useIsLost(), useAbsentRobot('clearFault')];
  const chosen = clearable(rows, selected);
  const selection = useMemo(
    () => ({ selected, onSelect: setSelected, nameOf: ({ fault_code }: FaultListItem) => fault_code }),
    [selected],
  );
  if (rows.length === 0) return <NoFaults listed={listed} />;
  return (
    <section className="card fault-table" aria-label={t.list}>
      <div className="spread fault-bar">
        <span className="soft number" role="status">
          {t.counted(rows.length, every.faults.length)} {every.isCut && t.cut(MAX_FAULTS)}
        </span>
        {mayClear && (
          <button
            type="button"
            className="button danger"
            disabled={chosen.length === 0 || (isLost && !absent)}
            onClick={() => setClearing(true)}
          >
            {t.clear(chosen.length)}
          </button>
        )}
      </div>
      <DataTable
        isMain
        label={t.list}
        rows={rows}
        keyOf={faultKey}
        columns={columns}
        hrefOf={pageOfFault}
        groupOf={groupOf}
        selection={mayClear ? selection : undefined}
        emptyText={t.noneMatches}
      />
      {isClearing && (
        <ClearFaults
          faults={chosen}
          incidentOf={incidentOf}
          onClose={() => setClearing(false)}
          onCleared={() => setSelected(new Set())}
        />
      )}
    </section>
  );
}

/** Returns the group heading of a fault. */
function useGroupOf(by: ListedFaults['by'], incidentOf: IncidentOf) {
  const group = useCallback(
    (fault: FaultListItem): string => {
      if (by === 'severity') return severityLabel(fault.severity);
      if (by === 'entity') return fault.entity_id ?? fault.reporting_sources?.[0] ?? faultTexts.noEntity;
      return incidentOf(fault) ?? faultTexts.noIncident;
    },
    [by, incidentOf],
  );
  return by && group;
}
