import { Component, type ReactNode, useId } from 'react';
import { texts } from '../texts/texts.ts';

interface RegionProps {
  /** Heading; a region without heading has a `label`. */
  readonly title?: ReactNode;
  readonly label?: string;
  /** Shown next to the heading. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page with a heading. If it fails to render or to load, the rest of the page stays. */
export function Region({ title, label, aside, className = '', children }: RegionProps) {
  const id = useId();
  return (
    <section
      className={`card stack ${className}`}
      {...(title === undefined ? { 'aria-label': label } : { 'aria-labelledby': id })}
    >
      {title !== undefined && (
        <div className="spread">
          <h2 id={id}>{title}</h2>
          {aside}
        </div>
      )}
      <Boundary>{children}</Boundary>
    </section>
  );
}

/** Error boundary: contains rendering errors of its children. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div role="alert" className="stack">
        <p>{texts.region.broken}</p>
        <p className="mono soft">{error.message}</p>
        <div className="row">
          <button type="button" className="button" onClick={() => this.setState({ error: undefined as never })}>
            {texts.region.again}
          </button>
        </div>
      </div>
    );
  }
}
