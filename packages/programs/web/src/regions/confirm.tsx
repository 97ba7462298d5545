import { type ReactNode, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { useIsLost } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';
import { Failure } from './failure.tsx';

interface ConfirmProps {
  /** Action and target: `Clear NAVIGATION_GOAL_ABORTED of bt_navigator`. */
  readonly title: string;
  /** Effect of the action. */
  readonly children: ReactNode;
  readonly action: string;
  /** Entity name that the user has to type first, for actions with severe effects. */
  readonly typed?: string;
  /** False until the user has chosen what the action needs (default true). */
  readonly isReady?: boolean;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Confirmation of a dangerous action: names it, describes its effect, and shows the error if the gateway refuses. */
export function Confirm({ title, children, action, typed, isReady = true, onConfirm, onClose }: ConfirmProps) {
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
          disabled={!isReady || isAtWork || isLost || (typed !== undefined && text !== typed)}
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
