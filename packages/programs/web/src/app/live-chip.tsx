import { clockSkewMs } from '../gateway/gateway-clock.ts';
import { useStreamState } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';

/** State of the connection to the gateway. */
export function LiveChip() {
  const state = useStreamState();
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
