import { useEffect, useRef } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { t } from './texts.ts';

/** A generated password or key, which the gateway does not show again. */
export interface Secret {
  readonly label: string;
  readonly help: string;
  readonly text: string;
}

/** Shows a secret until the user dismisses it. It is part of the page, because Escape would close a dialog. */
export function SecretNotice({ secret, onDone }: { readonly secret: Secret; readonly onDone: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new secret takes the focus.
  useEffect(() => ref.current?.focus(), [secret]);
  return (
    <div ref={ref} tabIndex={-1} role="alert" className="users-secret">
      <p>
        <strong>{secret.label}</strong> <span className="soft">{secret.help}</span>
      </p>
      <div className="row">
        <code className="users-secret-text">{secret.text}</code>
        <CopyButton text={secret.text} label={t.copy} />
        <button type="button" className="button plain" onClick={onDone}>
          {t.dismiss}
        </button>
      </div>
    </div>
  );
}
