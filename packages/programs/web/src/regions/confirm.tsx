import { type ReactNode, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { useIsLost } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';
import { Failure } from './failure.tsx';

interface ConfirmProps {
  /** What is going to be done, to what: `Clear NAVIGATION_GOAL_ABORTED of bt_navigator`. */
  readonly title: string;
  /** What comes of it. */
  readonly children: ReactNode;
  readonly action: string;
  /** Has to be typed first, where it is grave: the name of the entity. */
  readonly typed?: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something dangerous: names it, says what comes of it, and what the gateway answers where it refuses. */
export function Confirm({ title, children, action, typed, onConfirm, onClose }: ConfirmProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const isLost = useIsLost();
  const confirm = async () => {
    setAtWork(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {typed !== undefined && (
        <label className="stack">
          {texts.controls.typeName(typed)}
          <input value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" spellCheck={false} />
        </label>
      )}
      {error && <Failure error={error} />}
      <div className="row">
        <button
          type="button"
          className="button danger"
          disabled={isAtWork || isLost || (typed !== undefined && text !== typed)}
          onClick={() => void confirm()}
        >
          {action}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {texts.controls.cancel}
        </button>
      </div>
    </Dialog>
  );
}
