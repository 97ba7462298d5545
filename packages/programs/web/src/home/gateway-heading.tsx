import type { MeasuredPeer } from '@medkit/contract';
import { isSilent } from '../regions/silent-gateways.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';

interface GatewayHeadingProps {
  /** Name of the peer; `undefined` for this gateway. */
  readonly name: string | undefined;
  /** What is known of the peer; `undefined` for this gateway, and for a gateway behind a peer. */
  readonly peer: MeasuredPeer | undefined;
  readonly count: number;
}

/** Heading of the entities of one gateway: its name, their number, and how fast it answers, or since when it does not. */
export function GatewayHeading({ name, peer, count }: GatewayHeadingProps) {
  const isAway = peer !== undefined && isSilent(peer);
  return (
    <h3 className="row tree-heading">
      {name === undefined ? texts.home.thisRobot : <Link to={addressOf('peers', {})}>{name}</Link>}
      <span className="soft number">
        {[
          texts.home.entities(count),
          ...(typeof peer?.round_trip_ms === 'number' ? [`${peer.round_trip_ms.toFixed(1)} ms`] : []),
        ].join(' · ')}
      </span>
      {isAway && (
        <span className="severity-1">
          {peer.problem ?? texts.home.offline} · {texts.incidents.silentSince} <Time ms={timeMs(peer.last_seen)} />
        </span>
      )}
    </h3>
  );
}
