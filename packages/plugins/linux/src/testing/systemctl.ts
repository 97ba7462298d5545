import type { ProgramEnd } from '@medkit/edges';

/** Returns `systemctl show` output for units by name; units that are not given are unknown to systemd. */
export function systemctlShow(
  units: Readonly<Record<string, Readonly<Record<string, string>>>>,
): (args: readonly string[]) => ProgramEnd {
  return (args) => {
    const blocks = args.slice(args.indexOf('--') + 1).map((unit) => {
      const known = Object.hasOwn(units, unit)
        ? {
            LoadState: 'loaded',
            ActiveState: 'active',
            SubState: 'running',
            NRestarts: '0',
            WatchdogUSec: '0',
            ...units[unit],
          }
        : { LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead' };
      return Object.entries({ Id: unit, ...known })
        .map(([name, value]) => `${name}=${value}\n`)
        .join('');
    });
    return { outcome: 'exited', code: 0, output: blocks.join('\n'), errors: '' };
  };
}
