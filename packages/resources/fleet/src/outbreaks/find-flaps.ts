import { WARNING_SEVERITY } from '../fault-severity.ts';
import type { Finding, Windows } from './windows.ts';

/** Connects within an hour: when an outbreak opens, and while it continues. A robot that changes networks has fewer. */
const OPENS = 6;
const HOLDS = 3;

/** Finds robots that connect again and again. A quarantined robot may not connect: that is another outbreak. */
export function findFlaps({ robots }: Windows): readonly Finding[] {
  return robots.flatMap(({ name, site, version, presence, connects: { count, firstMs } }): readonly Finding[] => {
    if (count < HOLDS || firstMs === undefined || presence === 'quarantined') return [];
    const place = { ...(site !== undefined && { site }), ...(version !== undefined && { version }) };
    return [
      {
        kind: 'robot_flaps',
        subject: name,
        strength: count >= OPENS ? 'opens' : 'holds',
        severity: WARNING_SEVERITY,
        name,
        about: `${name} connected ${count} times within 60 min: check its network, and the proxies to the hub.`,
        members: [{ robot: name, beganMs: firstMs, ...place }],
        uncounted: 0,
      },
    ];
  });
}
