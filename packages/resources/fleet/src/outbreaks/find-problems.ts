import { WARNING_SEVERITY } from '../fault-severity.ts';
import type { Finding, Windows } from './windows.ts';

/** Finds robots with a problem that a person must solve. It ends when the problem is removed. */
export function findProblems({ robots }: Windows): readonly Finding[] {
  return robots.flatMap(({ name, site, version, problems }) =>
    problems.map(({ kind, strength, sinceMs, about }): Finding => {
      const place = { ...(site !== undefined && { site }), ...(version !== undefined && { version }) };
      return {
        ...{ kind, subject: name, name, strength, severity: WARNING_SEVERITY, about, uncounted: 0 },
        members: [{ robot: name, beganMs: sinceMs, ...place }],
      };
    }),
  );
}
