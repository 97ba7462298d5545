import { lazy, Suspense } from 'react';
import { DownloadLink } from '../controls/download-link.tsx';
import { formatSize } from '../recordings/format-size.ts';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { Time } from '../time/time.tsx';
import { formatDuration, timeMs } from '../time/times.ts';
import { type FileRow, RECORDINGS, savedName } from './file-row.ts';
import { t } from './texts.ts';

const RecordingView = lazy(async () => ({ default: (await import('../recordings/recording-view.tsx')).RecordingView }));

interface FilePanelProps {
  readonly row: FileRow;
  readonly incident: string | undefined;
  readonly mayDownload: boolean;
  /** Absent if the file cannot be deleted. */
  readonly onDelete?: ((row: FileRow) => void) | undefined;
}

/** The selected file: its facts, and the viewer if it is a recording. */
export function FilePanel({ row, incident, mayDownload, onDelete }: FilePanelProps) {
  const { file, category, faultCodes, format, durationMs, href, parts } = row;
  const isRecording = category === RECORDINGS;
  return (
    <Region
      className="files-panel"
      title={<span className="files-panel-name">{isRecording ? faultCodes.join(', ') || file.name : file.name}</span>}
      aside={
        <button type="button" className="button plain" onClick={() => changeSearch({ file: undefined })}>
          {t.close}
        </button>
      }
    >
      <p className="row soft number">
        <Time ms={timeMs(file.creation_date)} />
        {durationMs !== undefined && <span>{formatDuration(durationMs)}</span>}
        <span>{formatSize(file.size)}</span>
        <span>{format ?? file.mimetype}</span>
        {incident && (
          <Link to={addressOf('incident', { id: incident })}>
            {t.incident} {incident}
          </Link>
        )}
        {!isRecording && mayDownload && (
          <DownloadLink href={href} name={savedName(row)}>
            {t.download}
          </DownloadLink>
        )}
        {onDelete && (
          <button type="button" className="button danger" onClick={() => onDelete(row)}>
            {t.delete}
          </button>
        )}
      </p>
      {file.description && <p>{file.description}</p>}
      {parts.length > 0 && mayDownload && (
        <section className="stack" aria-label={t.parts}>
          <h3>{t.parts}</h3>
          <ul className="row">
            {parts.map((part) => (
              <li key={part.id}>
                <DownloadLink href={part.href} name={part.id.replaceAll(/[^\w.-]+/g, '_')}>
                  <span className="mono">{part.id}</span> <span className="soft">{formatSize(part.size)}</span>
                </DownloadLink>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isRecording && mayDownload && (
        <Suspense fallback={<Skeleton height={420} />}>
          <RecordingView href={href} sizeBytes={file.size} {...(format !== undefined && { format })} />
        </Suspense>
      )}
    </Region>
  );
}
