import { CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import { Severity } from '../controls/severity.tsx';
import { warningSeverity } from '../doctor/health-facts.ts';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Heading } from '../heading/heading.tsx';
import { IncidentCard } from '../incidents/incident-card.tsx';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import './home.css';
import { TreeRegion } from './tree-region.tsx';

const DAY_MS = 86_400_000;
const MAX_CARDS = 8;

/** The state of the robot: open incidents, contributors, the entity tree with its health, and warnings. */
export function HomePage() {
  return (
    <>
      <Heading className="visually-hidden">{texts.shell.home}</Heading>
      <div className="home">
        <div className="stack">
          <OpenRegion />
          <TreeRegion />
        </div>
        <div className="stack">
          <ContributorsRegion />
          <DoctorRegion />
          <LatelyRegion />
        </div>
      </div>
    </>
  );
}

function OpenRegion() {
  const open = useRoute('listIncidents', { query: { state: 'open', limit: MAX_CARDS + 1 } });
  const tree = useRoute('getTree', {});
  const apps = tree.data?.items.filter(({ type, is_online }) => type === 'app' && is_online !== false).length ?? 0;
  return (
    <Region
      title={texts.home.open}
      aside={<Link to={addressOf('incidents', {})}>{texts.home.all}</Link>}
      className="home-open"
    >
      <Loaded query={open} height={80}>
        {({ items, 'x-medkit': about }) => (
          <>
            <PartialNotice about={about} />
            {items.length === 0 && (
              <p>
                {texts.incidents.noneOpen} {texts.home.listening(apps)}
              </p>
            )}
            {items.length > 0 && (
              <ul className="stack">
                {items.slice(0, MAX_CARDS).map((incident) => (
                  <li key={incident.id}>
                    <IncidentCard incident={incident} />
                  </li>
                ))}
              </ul>
            )}
            {items.length > MAX_CARDS && (
              <p>
                <Link to={addressOf('incidents', {}, { state: 'open' })}>{texts.home.all}</Link>
              </p>
            )}
          </>
        )}
      </Loaded>
    </Region>
  );
}

function ContributorsRegion() {
  const peers = useRoute('listPeers', {});
  const tree = useRoute('getTree', {});
  const localCount = tree.data?.items.filter(({ gateways }) => !gateways?.length).length ?? 0;
  return (
    <Region title={texts.home.contributors}>
      <ul className="stack">
        <li className="row">
          <CircleCheck size={16} aria-hidden="true" />
          <b>{texts.incidents.thisGateway}</b>
          <span className="soft">{texts.home.entities(localCount)}</span>
        </li>
        {peers.data?.items.map(({ name, entities, round_trip_ms, last_seen, problem }) => (
          <li key={name} className="row">
            {typeof round_trip_ms === 'number' ? (
              <CircleCheck size={16} aria-hidden="true" />
            ) : (
              <CircleX size={16} aria-hidden="true" />
            )}
            <Link to={addressOf('peers', {})}>{name}</Link>
            {typeof round_trip_ms === 'number' ? (
              <span className="soft number">
                {texts.home.entities(entities)} · {round_trip_ms.toFixed(1)} ms
              </span>
            ) : (
              <span className="severity-1">
                {problem ?? texts.home.offline} · {texts.incidents.silentSince} <Time ms={timeMs(last_seen)} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {peers.error && <Failure error={peers.error} again={peers.refetch} />}
    </Region>
  );
}

function DoctorRegion() {
  const health = useRoute('getHealth', {}, { everyMs: 15_000 });
  return (
    <Region title={texts.home.doctor} aside={<Link to={addressOf('doctor', {})}>{texts.home.toDoctor}</Link>}>
      <Loaded query={health} height={40}>
        {({ warnings }) =>
          warnings?.length ? (
            <ul className="stack">
              {warnings.slice(0, MAX_CARDS).map((warning) => (
                <li key={`${warning.code} ${warning.message}`} className="home-warning">
                  <Severity severity={warningSeverity(warning)} short />
                  <span>{warning.message}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p>{texts.home.healthy}</p>
          )
        }
      </Loaded>
    </Region>
  );
}

function LatelyRegion() {
  const [since] = useState(() => new Date(gatewayNowMs() - DAY_MS).toISOString());
  const lately = useRoute('listIncidents', { query: { since, limit: 200 } });
  return (
    <Region title={texts.home.lately}>
      <Loaded query={lately} height={40}>
        {({ items }) => {
          const count = (state: string) => items.filter((incident) => incident.state === state).length;
          return (
            <>
              <p>
                {[
                  texts.home.stillOpen(count('open')),
                  texts.home.healed(count('healed')),
                  texts.home.closed(count('closed')),
                ].join(' · ')}
              </p>
              <ul className="stack">
                {items
                  .filter(({ state }) => state !== 'open')
                  .slice(0, 5)
                  .map(({ id, title, began }) => (
                    <li key={id} className="home-lately">
                      <Time ms={timeMs(began)} /> <Link to={addressOf('incident', { id })}>{title}</Link>
                    </li>
                  ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </Region>
  );
}
