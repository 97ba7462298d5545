import type { LogEntry } from '@medkit/contract';
import { CopyButton } from '../controls/copy-button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { timeMs, wholeTime } from '../time/times.ts';
import { LogSeverity } from './log-severity.tsx';
import { logTexts } from './texts.ts';

interface LogLineDialogProps {
  readonly entry: LogEntry;
  /** Id of the app that logged the line, if known. */
  readonly app: string | undefined;
  readonly onClose: () => void;
}

/** The full log line with its origin. */
export function LogLineDialog({ entry, app, onClose }: LogLineDialogProps) {
  const t = logTexts;
  const { timestamp, received_at, severity, message, logger_name, context } = entry;
  const ms = timeMs(received_at ?? timestamp);
  return (
    <Dialog title={t.line} onClose={onClose} className="log-dialog">
      <pre>{message}</pre>
      <dl>
        <dt>{t.time}</dt>
        <dd className="number">{ms === undefined ? timestamp : wholeTime(ms)}</dd>
        {received_at !== undefined && (
          <>
            <dt>{t.nodeTime}</dt>
            <dd className="number">{timestamp}</dd>
          </>
        )}
        <dt>{t.severity}</dt>
        <dd>
          <LogSeverity severity={severity} />
        </dd>
        <dt>{t.logger}</dt>
        <dd className="mono">{logger_name ?? '–'}</dd>
        {app !== undefined && (
          <>
            <dt>{t.node}</dt>
            <dd>
              <Link to={addressOf('entity', { kind: 'app', id: app })} onClick={onClose}>
                {app}
              </Link>
            </dd>
          </>
        )}
        {context?.file && (
          <>
            <dt>{t.source}</dt>
            <dd className="mono">
              {context.file}
              {context.line ? `:${context.line}` : ''} {context.function}
            </dd>
          </>
        )}
      </dl>
      <div className="row">
        <CopyButton text={`${timestamp} [${severity}] ${logger_name ?? ''}: ${message}`} label={t.copy} />
      </div>
    </Dialog>
  );
}
