import { type FormEvent, useState } from 'react';
import { useChange } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { useUnsaved } from '../routes/unsaved.ts';
import { texts } from '../texts/texts.ts';

/** Maximum length that the gateway accepts. */
const MAX_NOTE = 4000;

/** Adds a note to an incident. The text remains if the gateway refuses it. */
export function NoteForm({ id }: { readonly id: string }) {
  const [text, setText] = useState('');
  const change = useChange('changeIncident', { touches: ['getIncident', 'getIncidentTimeline'] });
  const mayChange = usePermission('incidents');
  const isLost = useIsLost();
  useUnsaved(text.trim() !== '');
  if (!mayChange) return null;
  const write = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate({ path: { incident_id: id }, body: { note: text } }, { onSuccess: () => setText('') });
  };
  return (
    <form className="stack screen-only" onSubmit={write}>
      <label className="stack">
        <span className="visually-hidden">{texts.incidents.note}</span>
        <textarea
          rows={2}
          maxLength={MAX_NOTE}
          placeholder={texts.incidents.note}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {change.error && <Failure error={change.error} />}
      <div className="row">
        <button type="submit" className="button" disabled={text.trim() === '' || change.isPending || isLost}>
          {texts.incidents.writeNote}
        </button>
      </div>
    </form>
  );
}
