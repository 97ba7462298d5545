import type { FleetIssueDetail } from '@medkit/contract';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { NoteForm } from '../incidents/note-form.tsx';
import { Region } from '../regions/region.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

/** The notes on an issue, and a form for another. */
export function IssueNotes({ issue: { id, notes } }: { readonly issue: FleetIssueDetail }) {
  const refusal = useRefusal('incidents');
  return (
    <Region title={t.page.notes}>
      {notes.length === 0 ? (
        <p className="soft">{t.page.noNotes}</p>
      ) : (
        <ol className="stack issue-notes">
          {notes.map(({ at, by, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: notes are only appended, and may be equal.
            <li key={index}>
              <b>{by}</b> <Time ms={timeMs(at)} />
              <p>{text}</p>
            </li>
          ))}
        </ol>
      )}
      <NoteForm
        onWrite={async (note) => {
          await gateway().call('changeFleetIssue', { path: { issue: id }, body: { note } });
          refetchRoutes(['getFleetIssue']);
        }}
      />
      {refusal !== undefined && <p className="soft">{refusal}</p>}
    </Region>
  );
}
