import type { Found } from '@medkit/contract';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { formatMeasurement } from '../charts/chart-series.ts';
import { useRoute } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { texts } from '../texts/texts.ts';
import { fieldsValue, itemOf } from './found-item.ts';
import { numericFields } from './numeric-fields.ts';
import { formatSeriesKey } from './series-key.ts';
import { plotTexts } from './texts.ts';

const OFFERED = 12;

/** A search field for data items. If an item has several numbers, the user selects one. */
export function AddSeries({ onAdd }: { readonly onAdd: (key: string) => void }) {
  const id = useId();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Found>();
  // The user pressed Enter before the results arrived: takes the first result.
  const [takesFirst, setTakesFirst] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const query = useDeferredValue(text.trim());
  const found = useRoute('search', { query: { q: query, kinds: 'data', limit: OFFERED } }, { enabled: query !== '' });
  const add = (key: string): void => {
    onAdd(key);
    setText('');
    setChosen(undefined);
    input.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setText('');
      setChosen(undefined);
      input.current?.focus();
      return;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = buttons.indexOf(document.activeElement as HTMLButtonElement) + step;
    event.preventDefault();
    if (next < 0) input.current?.focus();
    else buttons[next]?.focus();
  };
  const isCurrent = query === text.trim() && !found.isPending;
  const offered = query === '' ? [] : (found.data?.items ?? []).filter((item) => itemOf(item) !== undefined);
  const first = offered[0];
  useEffect(() => {
    if (!takesFirst || !isCurrent) return;
    setTakesFirst(false);
    if (first) setChosen(first);
  }, [takesFirst, isCurrent, first]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the field and the results below it.
    <div className="plot-add" onKeyDown={move}>
      <label htmlFor={id} className="soft">
        {plotTexts.addSeries}
      </label>
      <input
        ref={input}
        id={id}
        value={text}
        placeholder={plotTexts.example}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(undefined);
          setTakesFirst(false);
        }}
        onKeyDown={(event) => event.key === 'Enter' && setTakesFirst(true)}
      />
      {found.error && <Failure error={found.error} again={found.refetch} />}
      {chosen ? (
        <FieldChoice found={chosen} listRef={list} onAdd={add} />
      ) : (
        query !== '' && (
          <ul ref={list} className="plot-offered" aria-label={plotTexts.offered}>
            {offered.map((item) => (
              <li key={item.href}>
                <button type="button" className="button plain" onClick={() => setChosen(item)}>
                  <span>{item.name}</span>
                  <span className="soft">{item.entity?.name}</span>
                </button>
              </li>
            ))}
            {found.data && offered.length === 0 && <li className="soft">{plotTexts.nothingFound}</li>}
          </ul>
        )
      )}
    </div>
  );
}

interface FieldChoiceProps {
  readonly found: Found;
  readonly listRef: React.RefObject<HTMLUListElement | null>;
  readonly onAdd: (key: string) => void;
}

/** The numeric fields of a data item to choose from; a single field is selected automatically. */
function FieldChoice({ found, listRef, onAdd }: FieldChoiceProps) {
  const item = itemOf(found)!;
  const value = useRoute('getDataItem', { entity: { kind: item.kind, id: item.entity }, path: { data_id: item.item } });
  const fields = value.data ? numericFields(fieldsValue(value.data)) : [];
  const only = fields.length === 1 ? formatSeriesKey({ ...item, pointer: fields[0]!.pointer }) : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onAdd` is recreated on every render but behaves the same.
  useEffect(() => {
    if (only !== undefined) onAdd(only);
  }, [only]);
  if (value.error) return <Failure error={value.error} again={value.refetch} />;
  if (!value.data) return <p className="soft">{texts.region.loading}</p>;
  if (fields.length === 0) return <p className="soft">{plotTexts.noNumbers}</p>;
  return (
    <ul ref={listRef} className="plot-offered" aria-label={plotTexts.fields(found.name)}>
      {fields.map(({ pointer, value: now }) => (
        <li key={pointer}>
          <button type="button" className="button plain" onClick={() => onAdd(formatSeriesKey({ ...item, pointer }))}>
            <span className="mono">{pointer === '' ? found.name : pointer}</span>
            <span className="soft number">{formatMeasurement(now)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
