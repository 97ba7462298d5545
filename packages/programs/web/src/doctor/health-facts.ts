import type { HealthStatus, HealthWarning } from '@medkit/contract';

const GRAVITY = { error: 2, warning: 1, info: 0 } as const;

/** Returns the severity of a warning on the scale of fault severities. */
export function warningSeverity({ severity }: Pick<HealthWarning, 'severity'>): 0 | 1 | 2 {
  return GRAVITY[severity ?? 'warning'];
}

/** Returns the warnings, most severe first. */
export function mostSevereFirst(warnings: readonly HealthWarning[]): readonly HealthWarning[] {
  return warnings.toSorted((one, other) => warningSeverity(other) - warningSeverity(one));
}

/** Returns the blocks of figures without a dedicated region, named without prefix: `x-medkit-logs` becomes `logs`. */
export function figureBlocks(
  health: HealthStatus,
): readonly (readonly [name: string, figures: readonly (readonly [string, unknown])[]])[] {
  const displayed = new Set(['x-medkit-dds', 'x-medkit-tls', 'x-medkit-plugins']);
  return Object.entries(health)
    .filter(
      ([name, value]) =>
        name.startsWith('x-medkit-') && !displayed.has(name) && typeof value === 'object' && value !== null,
    )
    .map(([name, value]) => [name.slice('x-medkit-'.length), flat(value as object, '')] as const);
}

const MAX_FIGURES = 60;

/** Flattens a block to figures such as `store.path`. Lists are not expanded. */
function flat(value: object, path: string): readonly (readonly [string, unknown])[] {
  return Object.entries(value)
    .flatMap(([name, member]): readonly (readonly [string, unknown])[] => {
      const memberPath = path === '' ? name : `${path}.${name}`;
      return typeof member === 'object' && member !== null && !Array.isArray(member)
        ? flat(member, memberPath)
        : [[memberPath, member]];
    })
    .slice(0, MAX_FIGURES);
}

/** Formats a buffer size with binary units, as kernels do: `208 KiB`. */
export function formatBufferSize(octets: number): string {
  return octets >= 1024 * 1024 ? `${(octets / (1024 * 1024)).toFixed(1)} MiB` : `${Math.round(octets / 1024)} KiB`;
}

/** Returns what the gateway stores, as far as `/health` reports it: counts and bytes. */
export function storesOf(status: HealthStatus) {
  // Modules of the gateway add members that are not in the contract type.
  const health = status as Readonly<Record<string, unknown>>;
  const faults = Object(health['x-medkit-faults']);
  const logs = Object(health['x-medkit-logs']);
  return {
    faults: { path: text(Object(faults.store).path), bytes: number(Object(faults.store).database_bytes) },
    recordings: { count: number(Object(faults.recordings).count), bytes: number(Object(faults.recordings).bytes) },
    logs: { count: number(logs.entries), bytes: number(logs.octets) },
    incidents: { count: number(Object(health['x-medkit-incidents']).incidents) },
    isDiskFull: Object(faults.disk).full === true,
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * Counts apps that are nodes currently online. Apps of other gateways and runtimes say nothing about DDS on this host.
 */
export function onlineNodes(apps: readonly object[]): number {
  return apps.filter((app) => {
    const { is_online, ros2 } = Object((app as { readonly 'x-medkit'?: unknown })['x-medkit']);
    return is_online === true && typeof Object(ros2).node === 'string';
  }).length;
}
