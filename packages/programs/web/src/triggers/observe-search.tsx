import type { Found } from '@medkit/contract';
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { texts } from '../texts/texts.ts';
import type { RuleKind } from './draft.ts';
import { type Observed, readObserved } from './observed-resource.ts';
import { t } from './texts.ts';

const OFFERED = 12;

/** Kinds of search results that can be observed. */
const KINDS: Readonly<Record<RuleKind, string>> = {
  event: 'data,app,component,function,area,operation,fault',
  fault: 'data,app',
};

interface ObserveSearchProps {
  readonly as: RuleKind;
  readonly isInvalid: boolean;
  readonly onChoose: (observed: Observed) => void;
}

/** A search field for what a new rule observes. Enter takes the first result; arrow keys move through the results. */
export function ObserveSearch({ as, isInvalid, onChoose }: ObserveSearchProps) {
  const id = useId();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const q = useDeferredValue(text.trim().slice(0, 200));
  const query = useRoute('search', { query: { q, kinds: KINDS[as], limit: OFFERED } }, { enabled: q !== '' });
  const offered = (query.data?.items ?? []).filter((found) => isOffered(found, as));
  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.target === input.current) {
      event.preventDefault();
      list.current?.querySelector('button')?.click();
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = buttons.indexOf(document.activeElement as HTMLButtonElement) + step;
    if (next < 0) input.current?.focus();
    else buttons[next]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the field and the results below it.
    <div className="form-field trigger-search" onKeyDown={move}>
      <label htmlFor={id}>{as === 'fault' ? t.searchRule : t.search}</label>
      <input
        ref={input}
        id={id}
        type="search"
        value={text}
        placeholder={t.searchHint}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={isInvalid}
        onChange={(event) => setText(event.target.value)}
      />
      {isInvalid && q === '' && (
        <span className="form-problem" role="alert">
          {t.chooseFirst}
        </span>
      )}
      {query.error && <Failure error={query.error} again={query.refetch} />}
      {q !== '' && (
        <ul ref={list} className="trigger-offered" aria-label={t.offered}>
          {offered.map((found) => (
            <li key={found.href}>
              <button type="button" className="button plain" onClick={() => onChoose(readObserved(found.href)!)}>
                <span>{found.kind === 'fault' ? found.id : found.name}</span>
                <span className="soft trigger-offered-about">
                  {[texts.find.groups[found.kind], found.entity?.name].filter(Boolean).join(' · ')}
                </span>
              </button>
            </li>
          ))}
          {query.data && offered.length === 0 && <li className="soft trigger-offered-none">{t.nothingFound}</li>}
        </ul>
      )}
    </div>
  );
}

/** Fault rules exist only for data of apps. */
function isOffered({ href }: Found, as: RuleKind): boolean {
  const observed = readObserved(href);
  if (!observed?.entity) return false;
  return as === 'event' || observed.entity.kind === 'app';
}
