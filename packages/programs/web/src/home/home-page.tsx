import { useState } from 'react';
import { Severity } from '../controls/severity.tsx';
import { warningSeverity } from '../doctor/health-facts.ts';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Heading } from '../heading/heading.tsx';
import { groupByCause } from '../incident-list/cause-groups.ts';
import { IncidentCard } from '../incidents/incident-card.tsx';
import { useOpenIncidents } from '../incidents/use-open-incidents.ts';
import { EarlierState, PastPage } from '../past/earlier-state.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { useSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import './home.css';
import { IncidentGlance } from './incident-glance.tsx';
import { TreeRegion } from './tree-region.tsx';
import { VitalSigns } from './vital-signs.tsx';

const DAY_MS = 86_400_000;
const MAX_CARDS = 8;

/** The state of the robot: vital signs, open incidents, the tree of entities with its health, and warnings. */
export function HomePage() {
  const at = useSearch().get('at');
  if (at !== null) return <PastPage at={at} />;
  return (
    <>
      <div className="visually-hidden">
        <Heading>{texts.shell.home}</Heading>
      </div>
      <div className="home">
        <VitalSigns />
        <OpenRegion />
        <TreeRegion />
        <div className="home-notes">
          <DoctorRegion />
          <LatelyRegion />
        </div>
      </div>
    </>
  );
}

function OpenRegion() {
  const open = useOpenIncidents();
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
                {items.slice(0, MAX_CARDS).map((incident, at) => (
                  <li key={incident.id}>
                    {at === 0 ? <IncidentGlance incident={incident} /> : <IncidentCard incident={incident} />}
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
    <Region title={texts.home.lately} aside={<EarlierState />}>
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
                {groupByCause(items.filter(({ state }) => state !== 'open'))
                  .slice(0, 5)
                  .map(({ key, incidents: [newest, ...others] }) => (
                    <li key={key} className="home-lately">
                      <Time ms={timeMs(newest!.began)} />{' '}
                      <Link to={addressOf('incident', { id: newest!.id })}>{newest!.title}</Link>
                      {others.length > 0 && <span className="soft"> {texts.home.andEarlier(others.length)}</span>}
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
