import { type ReactNode, useState } from 'react';
import { texts } from '../texts/texts.ts';

interface FilterFieldProps {
  readonly filter: string;
  readonly onType: (filter: string) => void;
}

/** Filter input for the rows of a tab. */
export function FilterField({ filter, onType }: FilterFieldProps) {
  return (
    <label className="row">
      <span className="soft">{texts.entities.filter}</span>
      <input type="search" value={filter} onChange={(event) => onType(event.target.value)} />
    </label>
  );
}

interface FilteredListProps<Item> {
  readonly items: readonly Item[];
  readonly filter: string;
  /** Texts of an item that the filter searches. */
  readonly searchTexts: (item: Item) => readonly string[];
  /** Items shown initially and added by each "more". */
  readonly step: number;
  /** Text if the list is empty. */
  readonly none: string;
  readonly children: (visible: readonly Item[]) => ReactNode;
}

/** The items that match the filter, up to a limit that the user can raise. */
export function FilteredList<Item>({ items, filter, searchTexts, step, none, children }: FilteredListProps<Item>) {
  const [count, setCount] = useState(step);
  const wanted = filter.trim().toLowerCase();
  const found = items.filter((item) => searchTexts(item).some((text) => text.toLowerCase().includes(wanted)));
  if (found.length === 0) return <p className="soft">{items.length === 0 ? none : texts.entities.noMatch(filter)}</p>;
  return (
    <>
      {children(found.slice(0, count))}
      {found.length > count && (
        <button type="button" className="button" onClick={() => setCount(count + step)}>
          {texts.entities.more(count, found.length)}
        </button>
      )}
    </>
  );
}
