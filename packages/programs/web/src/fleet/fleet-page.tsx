import type { FleetRobot, FleetRobotList } from '@medkit/contract';
import { UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { countGroups, FLEET_GROUPS, type FleetGroup, filterRobots } from './fleet-groups.ts';
import { FleetPart } from './fleet-off.tsx';
import { InvitationsRegion } from './invitations-region.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ROBOT_COLUMNS } from './robot-columns.tsx';
import { t } from './texts.ts';
import './fleet.css';

const EVERY_MS = 5000;
/** All robots that a hub with SQLite may have. */
const LIMIT = 500;

/** The robots of the fleet: counts as filters, the list, and invitations. */
export function FleetPage(_: ParametersOf<'fleet'>) {
  const list = useRoute('listFleetRobots', { query: { limit: LIMIT } }, { everyMs: EVERY_MS });
  const [isInviting, invite] = useState(false);
  const mayEnrol = usePermission('fleet.enrol');
  return (
    <FleetPart heading={texts.shell.fleet} error={list.error}>
      <div className="stack">
        <div className="spread">
          <Heading>{texts.shell.fleet}</Heading>
          {mayEnrol && (
            <button type="button" className="button primary" onClick={() => invite(true)}>
              <UserPlus size={16} aria-hidden="true" />
              {t.invite}
            </button>
          )}
        </div>
        <Loaded query={list} height={320}>
          {(robots) => (robots.total === 0 ? <NoRobots /> : <Robots list={robots} />)}
        </Loaded>
        {mayEnrol && list.data && <InvitationsRegion />}
        {isInviting && <InviteDialog onClose={() => invite(false)} />}
      </div>
    </FleetPart>
  );
}

function NoRobots() {
  return (
    <section className="card stack" aria-label={t.robots}>
      <p>
        <strong>{t.none}</strong>
      </p>
      <p className="soft">{t.noneHelp}</p>
      <pre className="feature-config">{t.noneCommand}</pre>
    </section>
  );
}

function Robots({ list: { items, total } }: { readonly list: FleetRobotList }) {
  const search = useSearch();
  const [group, site, words] = [groupOf(search.get('group')), search.get('site') ?? '', search.get('q') ?? ''];
  const counts = useMemo(() => countGroups(items), [items]);
  const sites = useMemo(() => [...new Set(items.flatMap((robot) => robot.site ?? []))].sort(), [items]);
  const rows = useMemo(() => filterRobots(items, { group, site, words }), [items, group, site, words]);
  return (
    <>
      <ul className="fleet-counts" aria-label={t.state}>
        {FLEET_GROUPS.map((each) => (
          <li key={each}>
            <button
              type="button"
              className={`button fleet-count fleet-count-${each}`}
              aria-pressed={group === each}
              onClick={() => changeSearch({ group: each === 'all' ? undefined : each })}
            >
              <b className="number">{counts[each]}</b> {t.counts[each]}
            </button>
          </li>
        ))}
      </ul>
      <FilterBar>
        <SearchField label={t.words} value={words} onType={(q) => changeSearch({ q })} />
        {sites.length > 0 && (
          <Choice
            label={t.site}
            value={site}
            options={[['', t.anySite], ...sites.map((each) => [each, each] as const)]}
            onChoose={(chosen) => changeSearch({ site: chosen })}
          />
        )}
      </FilterBar>
      {total > items.length && <p className="partial">{t.incomplete(items.length, total)}</p>}
      <section className="card fleet-table" aria-label={t.robots}>
        <DataTable
          isMain
          label={t.robots}
          rows={rows}
          keyOf={idOf}
          columns={ROBOT_COLUMNS}
          hrefOf={hrefOf}
          emptyText={t.noneWith}
        />
      </section>
    </>
  );
}

const groupOf = (text: string | null): FleetGroup => FLEET_GROUPS.find((group) => group === text) ?? 'all';
const idOf = ({ id }: FleetRobot): string => id;
const hrefOf = ({ id }: FleetRobot): string => addressOf('fleet.robot', { robot: id });
