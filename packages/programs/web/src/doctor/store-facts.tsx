import type { HealthStatus } from '@medkit/contract';
import { formatSize } from '../recordings/format-size.ts';
import { Region } from '../regions/region.tsx';
import { storesOf } from './health-facts.ts';
import { doctorTexts } from './texts.ts';

/** What the gateway stores, and its size. */
export function StoreFacts({ health }: { readonly health: HealthStatus }) {
  const t = doctorTexts;
  const { faults, recordings, logs, incidents, isDiskFull } = storesOf(health);
  const counted = (count: number | undefined, bytes: number | undefined): string =>
    bytes === undefined ? String(count) : t.inNumbers(count ?? 0, formatSize(bytes));
  return (
    <Region title={t.stores}>
      {isDiskFull && <p className="severity-2">{t.full}</p>}
      <dl>
        {faults.path !== undefined && (
          <>
            <dt>{t.storedFaults}</dt>
            <dd className="number">
              {faults.bytes !== undefined && formatSize(faults.bytes)} <span className="soft mono">{faults.path}</span>
            </dd>
          </>
        )}
        {recordings.count !== undefined && (
          <>
            <dt>{t.recordings}</dt>
            <dd className="number">{counted(recordings.count, recordings.bytes)}</dd>
          </>
        )}
        {logs.count !== undefined && (
          <>
            <dt>{t.logLines}</dt>
            <dd className="number">{counted(logs.count, logs.bytes)}</dd>
          </>
        )}
        {incidents.count !== undefined && (
          <>
            <dt>{t.incidents}</dt>
            <dd className="number">{incidents.count}</dd>
          </>
        )}
      </dl>
    </Region>
  );
}
