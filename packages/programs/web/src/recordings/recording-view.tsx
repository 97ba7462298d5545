import { useEffect, useState } from 'react';
import { cursorOf, setCursor } from '../charts/cursor.ts';
import { DownloadLink } from '../controls/download-link.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { isFileHref } from '../routes/file-address.ts';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import { bagProblemText } from './bag-problem-text.ts';
import { scanTopicOf } from './bag-series.ts';
import { fileName } from './file-name.ts';
import type { Bag } from './open-bag.ts';
import { recordingTexts } from './texts.ts';
import './recording.css';
import { formatCount, formatSize } from './format-size.ts';
import { ScanView } from './scan-view.tsx';
import { Scrubber } from './scrubber.tsx';
import { TopicTable } from './topic-table.tsx';
import { TopicView } from './topic-view.tsx';
import { useBag } from './use-bag.ts';
import { useMessageAtCursor } from './use-message.ts';

interface RecordingViewProps {
  /** Path of the file in the API, starting with `/api/v1/`. */
  readonly href: string;
  readonly sizeBytes?: number | undefined;
  /** `mcap` or `sqlite3`, from the descriptor of the recording. */
  readonly format?: string | undefined;
  /** Threshold in metres; nearer points of a scan are drawn as harmful. */
  readonly threshold?: number | undefined;
  /** Initial cursor if none is set, milliseconds since 1970; otherwise the first scan. */
  readonly crossingMs?: number | undefined;
}

const HEIGHT = 420;

/** A recording of a fault: its scan and any message at the shared cursor, with playback and stepping. */
export function RecordingView({ href, sizeBytes, format, threshold, crossingMs }: RecordingViewProps) {
  const isReadable = isFileHref(href) && (format ?? 'mcap') === 'mcap';
  const { bag, error, again } = useBag(isReadable ? href : undefined);
  useBeginning(bag, crossingMs);
  return (
    <div className="stack recording">
      <div className="spread">
        <span className="soft number">
          {bag ? summaryOf(bag) : sizeBytes === undefined ? '' : formatSize(sizeBytes)}
        </span>
        <DownloadLink href={href} name={fileName(href, format)}>
          {recordingTexts.download}
        </DownloadLink>
      </div>
      {!isReadable && <p>{recordingTexts.notReadable(format ?? '?')}</p>}
      {error && (
        <div role="alert" className="row">
          <span>{bagProblemText(error.message)}</span>
          <button type="button" className="button" onClick={again}>
            {texts.region.again}
          </button>
        </div>
      )}
      {bag ? <Opened bag={bag} threshold={threshold} /> : isReadable && !error && <Skeleton height={HEIGHT} />}
    </div>
  );
}

/** Sets the cursor to `first`, or to the first scan of the recording, if it is not set. */
function useBeginning(bag: Bag | undefined, first: number | undefined): void {
  useEffect(() => {
    if (!bag || cursorOf() !== undefined) return;
    if (first !== undefined) return setCursor(first, 'recording');
    const topic = scanTopicOf(bag);
    const begin = (ms = bag.startMs): void => {
      if (cursorOf() === undefined) setCursor(ms, 'recording');
    };
    if (topic === undefined) return begin();
    bag.momentBeside(topic, bag.startMs - 1, 1).then(
      (ms) => begin(ms),
      () => begin(),
    );
  }, [bag, first]);
}

/** `442 messages, 9.0 s, 178 kB` */
function summaryOf({ messages, startMs, endMs, size }: Bag): string {
  return [
    recordingTexts.messages(formatCount(messages), messages),
    formatDuration(endMs - startMs),
    formatSize(size),
  ].join(', ');
}

function Opened({ bag, threshold }: { readonly bag: Bag; readonly threshold: number | undefined }) {
  const scanTopic = scanTopicOf(bag);
  const [chosen, setChosen] = useState<string>();
  const topic =
    chosen ?? scanTopic ?? bag.topics.find(({ count, problem }) => count > 0 && problem === undefined)?.name;
  const scan = useMessageAtCursor(bag, scanTopic);
  if (bag.messages === 0) return <p className="soft">{recordingTexts.empty}</p>;
  return (
    <>
      <Scrubber bag={bag} topic={topic} />
      <div className="recording-columns">
        {scanTopic !== undefined && (
          <div>
            {scan?.problem !== undefined && <p role="alert">{bagProblemText(scan.problem)}</p>}
            {scan?.found && <ScanView topic={scanTopic} found={scan.found} threshold={threshold} />}
            {scan && !scan.found && scan.problem === undefined && <p className="soft">{recordingTexts.nothingYet}</p>}
          </div>
        )}
        <TopicView bag={bag} topic={topic} onChoose={setChosen} />
      </div>
      <TopicTable bag={bag} onChoose={setChosen} />
    </>
  );
}
