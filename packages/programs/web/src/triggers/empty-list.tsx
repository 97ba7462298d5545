import { CopyButton } from '../controls/copy-button.tsx';
import { t } from './texts.ts';

interface EmptyListProps {
  readonly title: string;
  readonly help: string;
  /** A command that creates an item. */
  readonly command?: string;
}

/** Says that a list is empty, what its items are for, and how to create the first. */
export function EmptyList({ title, help, command }: EmptyListProps) {
  return (
    <section className="card stack trigger-empty" aria-label={title}>
      <h3>{title}</h3>
      <p className="soft">{help}</p>
      {command !== undefined && (
        <>
          <p className="soft">{t.noneCommand}</p>
          <div className="row">
            <code className="trigger-command">{command}</code>
            <CopyButton text={command} label={t.copy} />
          </div>
        </>
      )}
    </section>
  );
}

/** Says that a feature is disabled, with the settings that enable it. */
export function FeatureOff({ text, settings }: { readonly text: string; readonly settings: string }) {
  return (
    <section className="card stack trigger-empty" aria-label={text}>
      <p>{text}</p>
      <pre className="trigger-command">{settings}</pre>
    </section>
  );
}
