import { clockSkewMs } from '../gateway/gateway-clock.ts';
import { useIsRobotAway } from '../gateway/robot-presence.ts';
import { useStreamState } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';

/** State of the connection to the gateway. */
export function LiveChip() {
  const [state, isAway] = [useStreamState(), useIsRobotAway()];
  if (isAway) return <AwayChip />;
  const label =
    state.is === 'lost'
      ? texts.live.lost(clockTime(state.since + clockSkewMs()), Math.max(1, Math.round(state.retryMs / 1000)))
      : texts.live[state.is];
  return (
    <span
      role="status"
      className={`chip live-chip live-${state.is}`}
      title={state.is === 'lost' ? texts.live.lostHelp : state.is === 'refused' ? state.message : undefined}
    >
      <span className="live-dot" aria-hidden="true" />
      {label}
    </span>
  );
}

/** The pages of a robot that is not connected to its hub: nothing on them is live. */
function AwayChip() {
  return (
    <span role="status" className="chip live-chip live-lost" title={texts.live.awayHelp}>
      <span className="live-dot" aria-hidden="true" />
      {texts.live.away}
    </span>
  );
}
