import type { FaultDetailResult, RosbagSnapshot } from '@medkit/contract';
import { lazy, Suspense, useState } from 'react';
import { DownloadLink } from '../controls/download-link.tsx';
import { usePermission } from '../gateway/principal.ts';
import { formatSize } from '../recordings/format-size.ts';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { fileAddress } from '../routes/file-address.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { recordingsOf } from './frame-values.ts';
import { faultTexts } from './texts.ts';

const RecordingView = lazy(async () => ({ default: (await import('../recordings/recording-view.tsx')).RecordingView }));

interface FaultRecordingsProps {
  readonly detail: FaultDetailResult;
  /** Missing evidence, with the reason. */
  readonly missing: string | undefined;
}

/** Recordings of a fault, to view here or to download. */
export function FaultRecordings({ detail, missing }: FaultRecordingsProps) {
  const t = faultTexts;
  const recordings = recordingsOf(detail);
  return (
    <Region title={t.recordings}>
      {recordings.length === 0 && <p className="soft">{t.noRecordings}</p>}
      {missing && <p className="partial">{t.missingEvidence(missing)}</p>}
      {recordings.map((recording) => (
        <Recording key={recording.bulk_data_uri} recording={recording} />
      ))}
    </Region>
  );
}

function Recording({ recording }: { readonly recording: RosbagSnapshot }) {
  const t = faultTexts;
  const { name, bulk_data_uri, size_bytes, duration_sec, format, 'x-medkit': about } = recording;
  const [isOpen, setOpen] = useState(false);
  const mayDownload = usePermission('files.read');
  const href = fileAddress(bulk_data_uri);
  return (
    <div className="stack">
      <div className="row">
        <Time ms={timeMs(about?.captured_at)} />
        <span className="number">{t.recording(formatSize(size_bytes), duration_sec.toFixed(1), format)}</span>
        {about?.earlier_occurrence && <span className="chip severity-1">{t.earlier}</span>}
        {mayDownload && (
          <DownloadLink href={href} name={`${name.replaceAll(/[^\w.-]/g, '_')}.${format === 'mcap' ? 'mcap' : 'zip'}`}>
            <span className="mono">{name}</span>
          </DownloadLink>
        )}
      </div>
      {mayDownload && format === 'mcap' && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t.look}</summary>
          {isOpen && (
            <Suspense fallback={<Skeleton height={320} />}>
              <RecordingView href={href} sizeBytes={size_bytes} format={format} />
            </Suspense>
          )}
        </details>
      )}
    </div>
  );
}
