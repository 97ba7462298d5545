import { type FormEvent, useState } from 'react';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { useUnsaved } from '../routes/unsaved.ts';
import { texts } from '../texts/texts.ts';

/** Maximum length that the gateway accepts. */
const MAX_NOTE = 4000;

interface NoteFormProps {
  /** Stores the note; throws if the gateway refuses it. */
  readonly onWrite: (text: string) => Promise<unknown>;
}

/** Adds a note to an incident or an issue. The text remains if the gateway refuses it. */
export function NoteForm({ onWrite }: NoteFormProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const mayChange = usePermission('incidents');
  const isLost = useIsLost();
  useUnsaved(text.trim() !== '');
  if (!mayChange) return null;
  const write = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAtWork(true);
    setError(undefined);
    try {
      await onWrite(text);
      setText('');
    } catch (failure) {
      setError(failure as Error);
    }
    setAtWork(false);
  };
  return (
    <form className="stack screen-only" onSubmit={(event) => void write(event)}>
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
      {error && <Failure error={error} />}
      <div className="row">
        <button type="submit" className="button" disabled={text.trim() === '' || isAtWork || isLost}>
          {texts.incidents.writeNote}
        </button>
      </div>
    </form>
  );
}
