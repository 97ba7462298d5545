import type { FleetRobot, FleetRobotList } from '@medkit/contract';
import { UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { countRobots, FLEET_COUNTS, type FleetCount, filterRobots, sitesOf } from './fleet-filter.ts';
import { FleetPart } from './fleet-off.tsx';
import { InvitationsRegion } from './invitations-region.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ROBOT_COLUMNS } from './robot-columns.tsx';
import { SavedViews } from './saved-views.tsx';
import { SiteCards } from './site-cards.tsx';
import { t } from './texts.ts';
import './fleet.css';

const EVERY_MS = 5000;
/** All robots that a hub with SQLite may have. */
const LIMIT = 500;

/** The robots of the fleet: saved views, counts as filters, sites, the list, and invitations. */
export function FleetPage(_: ParametersOf<'fleet'>) {
  const view = useSearch().get('group') ?? '';
  const query = { limit: LIMIT, ...(view && { group: view }) };
  const list = useRoute('listFleetRobots', { query }, { everyMs: EVERY_MS });
  const [isInviting, invite] = useState(false);
  const mayEnrol = usePermission('fleet.enrol');
  return (
    <FleetPart heading={texts.shell.fleet} error={list.error}>
      <div className="stack">
        <div className="spread">
          <Heading>{texts.shell.fleet}</Heading>
          <span className="row">
            <Link to={addressOf('issues', {})}>{texts.shell.issues}</Link>
            <Link to={addressOf('campaigns', {})}>{texts.shell.campaigns}</Link>
            <Link to={addressOf('queue', {})}>{texts.shell.queue}</Link>
            <Link to={addressOf('evidence', {})}>{texts.shell.evidence}</Link>
            {mayEnrol && (
              <button type="button" className="button primary" onClick={() => invite(true)}>
                <UserPlus size={16} aria-hidden="true" />
                {t.invite}
              </button>
            )}
          </span>
        </div>
        <Loaded query={list} height={320}>
          {(robots) => (robots.total === 0 && !view ? <NoRobots /> : <Robots list={robots} view={view} />)}
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

interface RobotsProps {
  readonly list: FleetRobotList;
  /** Name of the chosen view; empty for all robots. */
  readonly view: string;
}

function Robots({ list: { items, total }, view }: RobotsProps) {
  const search = useSearch();
  const [count, site, words] = [countIn(search.get('show')), search.get('site') ?? '', search.get('q') ?? ''];
  const counts = useMemo(() => countRobots(items), [items]);
  const sites = useMemo(() => sitesOf(items), [items]);
  const rows = useMemo(() => filterRobots(items, { count, site, words }), [items, count, site, words]);
  return (
    <>
      <SavedViews chosen={view} filter={{ site, words }} />
      <ul className="fleet-counts" aria-label={t.state}>
        {FLEET_COUNTS.map((each) => (
          <li key={each}>
            <button
              type="button"
              className={`button fleet-count fleet-count-${each}`}
              aria-pressed={count === each}
              onClick={() => changeSearch({ show: each === 'all' ? undefined : each })}
            >
              <b className="number">{counts[each]}</b> {t.counts[each]}
            </button>
          </li>
        ))}
      </ul>
      {sites.some((each) => each.site !== undefined) && <SiteCards sites={sites} chosen={site} />}
      <FilterBar>
        <SearchField label={t.words} value={words} onType={(q) => changeSearch({ q })} />
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

const countIn = (text: string | null): FleetCount => FLEET_COUNTS.find((count) => count === text) ?? 'all';
const idOf = ({ id }: FleetRobot): string => id;
const hrefOf = ({ id }: FleetRobot): string => addressOf('fleet.robot', { robot: id });
