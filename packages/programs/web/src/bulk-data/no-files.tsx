import { RECORDINGS, SNAPSHOTS } from './file-row.ts';
import { t } from './texts.ts';

const HOW_TO = `fault_manager:
  ros__parameters:
    snapshots.rosbag.enabled: true
    snapshots.rosbag.duration_sec: 8.0`;

/** Why a category is empty, and what to do. */
export function NoFiles({ category }: { readonly category: string }) {
  const [title, help] =
    category === RECORDINGS
      ? [t.noRecordings, t.noRecordingsHelp]
      : category === SNAPSHOTS
        ? [t.noSnapshots, t.noSnapshotsHelp]
        : [t.noFiles, t.noFilesHelp];
  return (
    <section className="card stack files-none" aria-label={title}>
      <p>
        <strong>{title}</strong>
      </p>
      <p className="soft">{help}</p>
      {category === RECORDINGS && <pre className="files-how-to">{HOW_TO}</pre>}
    </section>
  );
}
