import type { FleetRobot, FleetSite as FleetSiteEntry } from '@medkit/contract';
import { useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Link } from '../routes/link.tsx';
import { changeSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { dotOf, type FleetSite, isOnline } from './fleet-filter.ts';
import { SiteScheduleDialog } from './site-schedule-dialog.tsx';
import { t } from './texts.ts';

const EVERY_MS = 30_000;

interface SiteCardsProps {
  readonly sites: readonly FleetSite[];
  /** The chosen site; empty for all. */
  readonly chosen: string;
}

/** The sites as cards, each with a dot for every robot. */
export function SiteCards({ sites, chosen }: SiteCardsProps) {
  const known = useRoute('listFleetSites', {}, { everyMs: EVERY_MS }).data?.items ?? [];
  const mayManage = usePermission('fleet.manage');
  const [edited, edit] = useState<FleetSiteEntry>();
  const entryOf = (site: string | undefined) => known.find(({ id }) => id === site);
  return (
    <>
      <ul className="fleet-sites" aria-label={t.sites}>
        {sites.map(({ site, robots }) => (
          <li key={site ?? ''} className="card fleet-site">
            <div className="spread">
              {site === undefined ? (
                <strong className="soft">{t.noSite}</strong>
              ) : (
                <button
                  type="button"
                  className="button"
                  aria-pressed={chosen === site}
                  onClick={() => changeSearch({ site: chosen === site ? '' : site })}
                >
                  {site}
                </button>
              )}
              <span className="soft">{t.onlineOf(robots.filter(isOnline).length, robots.length)}</span>
            </div>
            <ul className="fleet-dots" aria-label={site ?? t.noSite}>
              {robots.map((robot) => (
                <li key={robot.id}>
                  <Dot robot={robot} />
                </li>
              ))}
            </ul>
            {site !== undefined && <SiteHours entry={entryOf(site)} onEdit={mayManage ? edit : undefined} />}
          </li>
        ))}
      </ul>
      {edited && <SiteScheduleDialog site={edited} onClose={() => edit(undefined)} />}
    </>
  );
}

interface SiteHoursProps {
  /** The site as the hub knows it; absent while unknown. */
  readonly entry: FleetSiteEntry | undefined;
  readonly onEdit: ((site: FleetSiteEntry) => void) | undefined;
}

/** Why robots of a site may be away now, and the button for its hours. */
function SiteHours({ entry, onEdit }: SiteHoursProps) {
  if (!entry) return null;
  const { id, absence } = entry;
  return (
    <div className="spread">
      <span className="soft">
        {absence && t.park.reasons[absence.reason]}
        {absence?.until && (
          <>
            , {t.park.until} <Time ms={timeMs(absence.until)} />
          </>
        )}
      </span>
      {onEdit && (
        <button
          type="button"
          className="button fleet-row-action"
          aria-label={t.schedule.editOf(id)}
          onClick={() => onEdit(entry)}
        >
          {t.schedule.edit}
        </button>
      )}
    </div>
  );
}

/** A robot as colour and shape, with its name and state as text. */
function Dot({ robot }: { readonly robot: FleetRobot }) {
  const dot = dotOf(robot);
  const text = `${robot.id}: ${t.dots[dot]}`;
  return (
    <Link to={addressOf('fleet.robot', { robot: robot.id })} className={`fleet-dot fleet-dot-${dot}`} title={text}>
      <span className="visually-hidden">{text}</span>
    </Link>
  );
}
