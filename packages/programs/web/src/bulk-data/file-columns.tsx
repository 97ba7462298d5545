import { Trash2 } from 'lucide-react';
import { DownloadLink } from '../controls/download-link.tsx';
import { formatSize } from '../recordings/format-size.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Time } from '../time/time.tsx';
import { clockTime, formatDuration, timeMs } from '../time/times.ts';
import { type FileRow, RECORDINGS, SNAPSHOTS, savedName } from './file-row.ts';
import { t } from './texts.ts';

interface ColumnOptions {
  readonly category: string;
  /** Incident of each recording. */
  readonly incidents: ReadonlyMap<string, string>;
  readonly mayDownload: boolean;
  /** Absent if the files of the category cannot be deleted. */
  readonly onDelete?: (row: FileRow) => void;
}

/** The columns of the list of files of one category. */
export function fileColumns({ category, incidents, mayDownload, onDelete }: ColumnOptions): readonly Column<FileRow>[] {
  const isEvidence = category === RECORDINGS || category === SNAPSHOTS;
  return [
    {
      id: 'time',
      title: t.time,
      width: '8rem',
      isWideOnly: true,
      sortBy: ({ file }) => timeMs(file.creation_date),
      cell: ({ file }) => <Time ms={timeMs(file.creation_date)} />,
    },
    isEvidence ? faultsColumn : nameColumn,
    ...(category === RECORDINGS ? [lengthColumn, incidentColumn(incidents)] : []),
    ...(isEvidence ? [] : [descriptionColumn]),
    {
      id: 'size',
      title: t.size,
      width: '6rem',
      className: 'number',
      sortBy: ({ file }) => file.size,
      cell: ({ file }) => formatSize(file.size),
    },
    {
      id: 'actions',
      title: '',
      width: onDelete ? '18rem' : '10.5rem',
      isWideOnly: true,
      cell: (row) => (
        <span className="files-actions">
          {mayDownload && (
            <DownloadLink href={row.href} name={savedName(row)}>
              {t.download}
              <span className="visually-hidden">: {row.file.name}</span>
            </DownloadLink>
          )}
          {onDelete && (
            <button
              type="button"
              className="button danger"
              aria-label={`${t.delete} ${t.deleteOf(row.file.name)}`}
              onClick={() => onDelete(row)}
            >
              <Trash2 size={15} aria-hidden="true" />
              {t.delete}
            </button>
          )}
        </span>
      ),
    },
  ];
}

const underText = ({ file, durationMs }: FileRow): string =>
  [clockTime(timeMs(file.creation_date) ?? 0), durationMs === undefined ? '' : formatDuration(durationMs)]
    .filter((part) => part !== '')
    .join(' · ');

const faultsColumn: Column<FileRow> = {
  id: 'faults',
  title: t.faults,
  className: 'mono',
  sortBy: ({ faultCodes }) => faultCodes.join(),
  cell: ({ faultCodes, file }) => (
    <span title={file.name}>{faultCodes.length > 0 ? faultCodes.join(', ') : file.name}</span>
  ),
  under: underText,
};

const nameColumn: Column<FileRow> = {
  id: 'name',
  title: t.name,
  sortBy: ({ file }) => file.name,
  cell: ({ file }) => <strong title={file.name}>{file.name}</strong>,
  under: underText,
};

const lengthColumn: Column<FileRow> = {
  id: 'length',
  title: t.length,
  width: '6rem',
  className: 'number',
  isWideOnly: true,
  sortBy: ({ durationMs }) => durationMs,
  cell: ({ durationMs }) => (durationMs === undefined ? '–' : formatDuration(durationMs)),
};

const descriptionColumn: Column<FileRow> = {
  id: 'description',
  title: t.description,
  width: '30%',
  isWideOnly: true,
  cell: ({ file }) => file.description && <span title={file.description}>{file.description}</span>,
};

function incidentColumn(incidents: ReadonlyMap<string, string>): Column<FileRow> {
  return {
    id: 'incident',
    title: t.incident,
    width: '12rem',
    isWideOnly: true,
    cell: ({ file }) => {
      const id = incidents.get(file.id);
      return (
        id && (
          <Link to={addressOf('incident', { id })} tabIndex={-1}>
            {id}
          </Link>
        )
      );
    },
  };
}
