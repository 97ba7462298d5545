import type { IncidentDetail } from '@medkit/contract';
import { CircleCheck, CircleX } from 'lucide-react';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { missingMembers } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { isSilent } from '../regions/silent-gateways.tsx';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';

/** The gateways that contributed to the incident, and those that did not answer. */
export function ContributorsRegion({ incident }: { readonly incident: IncidentDetail }) {
  const peers = useRoute('listPeers', {});
  const origins = new Set(incident.faults.map(({ origin }) => origin ?? ''));
  const silent = missingMembers(incident['x-medkit']);
  return (
    <Region title={texts.incidents.contributors} className="incident-contributors">
      <ul className="incident-people-rows">
        <Contributor
          name={texts.incidents.thisGateway}
          isThere
          text={texts.incidents.faultsOf(countOf(incident, ''))}
        />
      </ul>
      <Loaded query={peers} height={40}>
        {({ items }) => (
          <ul className="incident-people-rows">
            {items.map((peer) => (
              <Contributor
                key={peer.name}
                name={peer.name}
                isThere={peer.status === 'online' && !isSilent(peer) && !silent.includes(peer.name)}
                text={
                  origins.has(peer.name)
                    ? texts.incidents.faultsOf(countOf(incident, peer.name))
                    : texts.incidents.noFaultsOf
                }
                lastSeen={peer.last_seen}
              />
            ))}
          </ul>
        )}
      </Loaded>
      {silent.length > 0 && <p className="severity-1">{texts.region.partial(silent.join(', '))}</p>}
    </Region>
  );
}

const countOf = ({ faults }: IncidentDetail, origin: string): number =>
  faults.filter((fault) => (fault.origin ?? '') === origin).length;

interface ContributorProps {
  readonly name: string;
  readonly isThere: boolean;
  readonly text: string;
  readonly lastSeen?: string | null | undefined;
}

function Contributor({ name, isThere, text, lastSeen }: ContributorProps) {
  const Icon = isThere ? CircleCheck : CircleX;
  return (
    <li className="row">
      <Icon size={16} aria-hidden="true" />
      <b>{name}</b>
      <span className="soft">{text}</span>
      {!isThere && (
        <span className="severity-1">
          {texts.incidents.silentSince} <Time ms={timeMs(lastSeen)} />
        </span>
      )}
    </li>
  );
}
