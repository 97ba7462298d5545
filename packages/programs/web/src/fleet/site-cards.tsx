import type { FleetRobot } from '@medkit/contract';
import { Link } from '../routes/link.tsx';
import { changeSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { dotOf, type FleetSite } from './fleet-filter.ts';
import { t } from './texts.ts';

interface SiteCardsProps {
  readonly sites: readonly FleetSite[];
  /** The chosen site; empty for all. */
  readonly chosen: string;
}

/** The sites as cards, each with a dot for every robot. */
export function SiteCards({ sites, chosen }: SiteCardsProps) {
  return (
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
        </li>
      ))}
    </ul>
  );
}

const isOnline = ({ state, presence }: FleetRobot): boolean => state === 'approved' && presence === 'online';

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
