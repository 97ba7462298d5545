import type { FleetPresenceList, FleetRobot } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

const EVERY_MS = 15_000;
/** Changes of presence that the page lists. */
const MAX_CHANGES = 20;

/** The age of the last ping or contact, and until when an absence is announced. */
export function PresenceFacts({ robot }: { readonly robot: FleetRobot }) {
  const { presence, last_seen, absence, park } = robot;
  const p = t.park;
  const seen = last_seen && <Ago ms={timeMs(last_seen)} />;
  return (
    <>
      {presence === 'late' && seen && (
        <span className="soft">
          {t.lateSince} {seen}
        </span>
      )}
      {!isRobotConnected(presence) && seen}
      {absence && (
        <span className="soft">
          {p.reasons[absence.reason]}
          {absence.note && `: ${absence.note}`}
          {absence.until && (
            <>
              , {p.until} <Time ms={timeMs(absence.until)} />
            </>
          )}
        </span>
      )}
      {park && !absence && (
        <span className="soft">
          {park.active ? p.by(park.by) : p.from} {!park.active && <Time ms={timeMs(park.from)} />}
          {park.until && (
            <>
              {' '}
              {p.until} <Time ms={timeMs(park.until)} />
            </>
          )}
        </span>
      )}
    </>
  );
}

/** The latest changes of presence of a robot. */
export function PresenceRegion({ robot }: { readonly robot: string }) {
  const query = { path: { robot }, query: { limit: MAX_CHANGES } };
  const list = useRoute('listFleetPresence', query, { everyMs: EVERY_MS });
  return (
    <Region title={t.park.history}>
      <Loaded query={list} height={80}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t.presences.never}</p>
          ) : (
            <ul className="stack">
              {items.map((change) => (
                <Change key={`${change.at} ${change.presence}`} change={change} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Region>
  );
}

function Change({ change }: { readonly change: FleetPresenceList['items'][number] }) {
  const { at, presence, reason } = change;
  return (
    <li className="row">
      <Time ms={timeMs(at)} />
      <span className={`fleet-state fleet-is-${presence}`}>{t.presences[presence]}</span>
      <span className="soft">{reason}</span>
    </li>
  );
}
