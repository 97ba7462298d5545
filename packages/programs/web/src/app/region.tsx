import { GatewayRefused } from '@medkit/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { Component, type ReactNode, useId } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { SignInLink } from '../sign-in/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';

interface RegionProps {
  /** Its heading; one without has a `label`. */
  readonly title?: ReactNode;
  readonly label?: string;
  /** Beside the heading. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page with a heading. When it breaks, or what it shows cannot be had, the rest of the page stays. */
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

/** Keeps what breaks within it to itself. */
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

/** Why something could not be had, in words, with what helps. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: (() => unknown) | undefined }) {
  const refused = error instanceof GatewayRefused ? error : undefined;
  const words =
    refused?.status === 401
      ? texts.region.signIn
      : refused?.status === 403
        ? texts.region.refused403
        : refused
          ? refused.message
          : texts.region.offline;
  return (
    <div role="alert" className="row failure">
      <span>{words}</span>
      {refused?.status === 401 && <SignInLink />}
      {refused && <code className="soft">{refused.code}</code>}
      {refused && <CopyButton text={refused.text} label={texts.region.copyCode} />}
      {again && (
        <button type="button" className="button" onClick={() => void again()}>
          {texts.region.again}
        </button>
      )}
    </div>
  );
}

interface LoadedProps<Value> {
  readonly query: Pick<UseQueryResult<Value, Error>, 'data' | 'error' | 'refetch' | 'isPending'>;
  /** Height of what comes, CSS pixels: nothing jumps when it is there. */
  readonly height?: number;
  readonly children: (value: Value) => ReactNode;
}

/** What a route gives, as soon as it is there; the last of it stays while it is asked for again, and when that fails. */
export function Loaded<Value>({ query, height = 80, children }: LoadedProps<Value>) {
  const { data, error, refetch } = query;
  return (
    <>
      {error && <Failure error={error} again={refetch} />}
      {data !== undefined ? children(data) : !error && <Skeleton height={height} />}
    </>
  );
}

/** The place of something that is about to come. */
export function Skeleton({ height }: { readonly height: number }) {
  return (
    <div className="skeleton" style={{ height }}>
      <span className="visually-hidden">{texts.region.loading}</span>
    </div>
  );
}

/** Says who did not answer, where somebody did not. */
export function Partial({ about }: { readonly about: unknown }) {
  const names = silentOnes(about);
  if (names.length === 0) return null;
  return (
    <p role="status" className="partial">
      {texts.region.partial(names.join(', '))}
    </p>
  );
}

/** The names in `x-medkit` of a list that is not whole. */
export function silentOnes(about: unknown): readonly string[] {
  const { failed_peers, failed_members, partial } = Object(about);
  const names = [failed_peers, failed_members]
    .flatMap((list: unknown) => (Array.isArray(list) ? list : []))
    .map((one: unknown) => {
      if (typeof one === 'string') return one;
      const { name, id, entity_id, reason, message } = Object(one);
      const why = reason ?? message;
      return `${name ?? id ?? entity_id ?? '?'}${why ? ` (${why})` : ''}`;
    });
  return names.length === 0 && partial === true ? ['?'] : names;
}
