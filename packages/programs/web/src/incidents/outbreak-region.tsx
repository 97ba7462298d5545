import type { IncidentDetail, OutbreakDetail, OutbreakShare } from '@medkit/contract';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Region } from '../regions/region.tsx';
import { robotAddress } from '../routes/base-path.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { Time, useTick } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { type RobotLane, robotLanes } from './outbreak-lanes.ts';
import { t } from './texts.ts';
import './outbreak.css';

interface OutbreakRegionProps {
  readonly incident: IncidentDetail;
  readonly detail: OutbreakDetail;
}

/** An incident of a fleet: its robots as lanes, and the versions and sites with it and without it. */
export function OutbreakRegion({ incident, detail }: OutbreakRegionProps) {
  useTick(incident.state === 'open' ? 2000 : 3_600_000);
  const { members, members_omitted, by_version, by_site, change, campaign, uncounted } = detail;
  return (
    <Region title={t.outbreak} className="outbreak">
      <p>{incident.outbreak?.about}</p>
      {change && <Change text={t.changed(change.robots, change.version)} {...change} />}
      {campaign && (
        <Change
          text={t.campaign(campaign.robots, campaign.id)}
          to={addressOf('campaign', { campaign: campaign.id })}
          {...campaign}
        />
      )}
      <ul className="outbreak-lanes">
        {robotLanes(incident, members, gatewayNowMs()).map((lane) => (
          <Lane key={lane.robot.robot} lane={lane} />
        ))}
      </ul>
      {members_omitted ? <p className="soft">{t.moreRobots(members_omitted)}</p> : null}
      {uncounted ? <p className="soft">{t.uncounted(uncounted)}</p> : null}
      <div className="incident-pair">
        <Shares name={t.version} shares={by_version} />
        <Shares name={t.site} shares={by_site} />
      </div>
    </Region>
  );
}

interface ChangeProps {
  readonly text: string;
  /** The page of the change. */
  readonly to?: string;
  readonly first: string;
  readonly last: string;
}

/** What changed before the outbreak, and when. */
function Change({ text, to, first, last }: ChangeProps) {
  return (
    <p>
      {to === undefined ? text : <Link to={to}>{text}</Link>} <Time ms={timeMs(first)} />
      {last !== first && (
        <>
          {' – '}
          <Time ms={timeMs(last)} />
        </>
      )}
    </p>
  );
}

function Lane({ lane }: { readonly lane: RobotLane }) {
  const { robot, leftPercent, widthPercent, isActive } = lane;
  const { began, ended, version, incident_id } = robot;
  return (
    <li className="outbreak-lane">
      <Link to={addressOf('fleet.robot', { robot: robot.robot })}>{robot.robot}</Link>
      <span className="soft">{version}</span>
      <span className="outbreak-track" aria-hidden="true">
        <span
          className={isActive ? 'outbreak-bar outbreak-active' : 'outbreak-bar'}
          style={{ left: `${leftPercent}%`, width: `${widthPercent}%` }}
        />
      </span>
      <span>
        <Time ms={timeMs(began)} /> {ended ? <Time ms={timeMs(ended)} /> : isActive ? t.active : null}
      </span>
      {incident_id && <a href={robotAddress(robot.robot, addressOf('incident', { id: incident_id }))}>{t.incident}</a>}
    </li>
  );
}

/** A table of versions or sites; nothing without any. */
function Shares({ name, shares }: { readonly name: string; readonly shares: readonly OutbreakShare[] }) {
  if (shares.length === 0) return null;
  return (
    <table className="outbreak-shares">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">{t.affected}</th>
          <th scope="col">{t.others}</th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => (
          <tr key={share.name}>
            <th scope="row">{share.name}</th>
            <td className="number">{share.affected}</td>
            <td className="number">{share.others}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
