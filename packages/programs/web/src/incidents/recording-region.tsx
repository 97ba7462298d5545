import type { IncidentDetail } from '@medkit/contract';
import { lazy, Suspense, useState } from 'react';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { fileAddress } from '../routes/file-address.ts';
import { texts } from '../texts/texts.ts';
import { timeMs } from '../time/times.ts';

const RecordingView = lazy(async () => ({
  default: (await import('../recordings/recording-view.tsx')).RecordingView,
}));

/** The recordings of an incident. Opens the largest one with scan, fields and a scrubber. */
export function RecordingRegion({ incident }: { readonly incident: IncidentDetail }) {
  const { recordings, crossing } = incident;
  const [chosen, choose] = useState<string>();
  const largest = recordings.toSorted((one, other) => (other.size_bytes ?? 0) - (one.size_bytes ?? 0))[0];
  const selected = recordings.find(({ id }) => id === chosen) ?? largest;
  const choice = recordings.length > 1 && (
    <select
      className="screen-only"
      aria-label={texts.incidents.recording}
      value={selected?.id}
      onChange={(event) => choose(event.target.value)}
    >
      {recordings.map(({ id, fault_code, origin }) => (
        <option key={id} value={id}>
          {fault_code}
          {origin ? ` (${origin})` : ''}
        </option>
      ))}
    </select>
  );
  const crossedMs = timeMs(crossing?.at);
  return (
    <Region title={texts.incidents.recording} aside={choice} className="incident-recording">
      {selected === undefined ? (
        <p className="soft">
          {incident.state === 'open' ? texts.incidents.recordingComes : texts.incidents.noRecording}
        </p>
      ) : (
        <Suspense fallback={<Skeleton height={260} />}>
          <RecordingView
            key={selected.href}
            href={fileAddress(selected.href)}
            {...(selected.size_bytes !== undefined &&
              selected.size_bytes !== null && { sizeBytes: selected.size_bytes })}
            {...(selected.format && { format: selected.format })}
            {...(crossing && { threshold: crossing.threshold })}
            {...(crossedMs !== undefined && { crossingMs: crossedMs })}
          />
        </Suspense>
      )}
    </Region>
  );
}
