import { useSyncExternalStore } from 'react';
import { clockSkewMs, onGatewayTime } from '../gateway/gateway-clock.ts';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';

/** Warns that the clocks of the robot and of this machine differ by more than 2 s. Renders nothing otherwise. */
export function ClockSkew() {
  const skewMs = useSyncExternalStore(onGatewayTime, clockSkewMs);
  if (skewMs === 0) return null;
  return (
    <p role="status" className="partial">
      {texts.time.skew(formatDuration(Math.abs(skewMs)))}
    </p>
  );
}
