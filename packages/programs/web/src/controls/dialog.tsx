import { type ReactNode, useEffect, useId, useRef } from 'react';
import { texts } from '../texts/texts.ts';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A modal dialog. Escape or a click outside closes it, and the focus returns to the previous element. */
export function Dialog({ title, onClose, children, className = '' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, and so does the button.
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div className="stack dialog-body">
        <div className="spread">
          <h2 id={id}>{title}</h2>
          <button type="button" className="button plain" onClick={onClose}>
            {texts.shell.close}
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
