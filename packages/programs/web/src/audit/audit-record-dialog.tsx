import type { AuditRecord } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { CopyButton } from '../controls/copy-button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { timeMs, wholeTime } from '../time/times.ts';
import { auditTexts } from './texts.ts';

interface AuditRecordDialogProps {
  readonly record: AuditRecord;
  readonly onClose: () => void;
}

/** Shows all members of a record under their names in the log. */
export function AuditRecordDialog({ record, onClose }: AuditRecordDialogProps) {
  const { id, timestamp, hash, request, fault, access, observed } = record;
  const ms = timeMs(timestamp);
  const members = Object.entries(Object(request ?? fault ?? access ?? observed));
  return (
    <Dialog title={auditTexts.record(id)} onClose={onClose} className="audit-dialog">
      <dl>
        <dt>{auditTexts.time}</dt>
        <dd className="number">{ms === undefined ? timestamp : wholeTime(ms)}</dd>
        {members.map(([name, value]) => (
          <div key={name} className="audit-member">
            <dt className="mono">{name}</dt>
            <dd className="mono">{typeof value === 'string' ? value : stringifyJson(value)}</dd>
          </div>
        ))}
        <dt className="mono">hash</dt>
        <dd className="mono">{hash}</dd>
      </dl>
      <div className="row">
        <CopyButton text={() => stringifyJson(record)} label={auditTexts.copy} />
      </div>
    </Dialog>
  );
}
