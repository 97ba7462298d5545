import { GatewayRefused } from '@medkit/client';
import type { TriggerList as Triggers } from '@medkit/contract';
import { useMemo } from 'react';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { readTarget } from './draft.ts';
import { EmptyList, FeatureOff } from './empty-list.tsx';
import { pageOfTrigger } from './observed-resource.ts';
import { t } from './texts.ts';
import { triggerColumns } from './trigger-columns.tsx';
import { matchingTriggers, stateOfTrigger } from './trigger-rows.ts';
import { useEntityNames } from './use-entity-names.ts';

/** No event reports a change of a trigger, so the list is loaded again while it is shown. */
const EVERY_MS = 3000;
const NOT_IMPLEMENTED = 501;
const COMMAND = 'medkit trigger add battery_monitor/data/voltage --enters 0..22';

/** The triggers of the robot, or of the entity in the address. */
export function TriggerList() {
  const entity = readTarget(useSearch())?.entity;
  const all = useRoute('listAllTriggers', {}, { enabled: !entity, everyMs: EVERY_MS });
  const ofEntity = useRoute(
    'listTriggers',
    { entity: entity ?? { kind: 'app', id: '-' } },
    { enabled: entity !== undefined, everyMs: EVERY_MS },
  );
  const query = entity ? ofEntity : all;
  const isOff = query.error instanceof GatewayRefused && query.error.status === NOT_IMPLEMENTED;
  if (isOff) return <FeatureOff text={t.disabled} settings={'triggers:\n  enabled: true'} />;
  return (
    <Loaded query={query} height={320}>
      {(list) => (
        <>
          <PartialNotice about={list['x-medkit']} />
          {list.items.length === 0 ? (
            <EmptyList title={t.none} help={t.noneHelp} command={COMMAND} />
          ) : (
            <FilledList list={list} />
          )}
          {!entity && <OtherGateways />}
        </>
      )}
    </Loaded>
  );
}

function FilledList({ list }: { readonly list: Triggers }) {
  const search = useSearch();
  const [text, state] = [search.get('q') ?? '', search.get('state') ?? ''];
  const nameOf = useEntityNames();
  const hasProblems = list.items.some((trigger) => stateOfTrigger(trigger) === 'problem');
  const columns = useMemo(() => triggerColumns(nameOf, hasProblems), [nameOf, hasProblems]);
  const rows = useMemo(() => matchingTriggers(list.items, text, state), [list, text, state]);
  const states = Object.entries(t.states);
  return (
    <>
      <FilterBar>
        <SearchField label={t.find} value={text} hint={t.findHint} onType={(q) => changeSearch({ q })} />
        <Choice
          label={t.state}
          value={state}
          options={[['', t.anyState], ...states]}
          onChoose={(chosen) => changeSearch({ state: chosen })}
        />
      </FilterBar>
      <section className="card trigger-table" aria-label={t.triggers}>
        <p className="soft number trigger-bar" role="status">
          {t.counted(rows.length, list.items.length)}
        </p>
        <DataTable
          isMain
          label={t.triggers}
          rows={rows}
          keyOf={keyOfTrigger}
          columns={columns}
          hrefOf={pageOfTrigger}
          emptyText={t.noneMatches}
        />
      </section>
    </>
  );
}

const keyOfTrigger = ({ event_source }: { readonly event_source: string }): string => event_source;

/** Says that triggers of other gateways are not in the list, if there are other gateways. */
export function OtherGateways() {
  const peers = useRoute('listPeers', {}).data?.items ?? [];
  return peers.length > 0 && <p className="soft">{t.otherGateways}</p>;
}
