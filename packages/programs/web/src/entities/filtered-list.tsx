import { type ReactNode, useState } from 'react';
import { texts } from '../texts/texts.ts';

interface FilterFieldProps {
  readonly filter: string;
  readonly onType: (filter: string) => void;
}

/** Where words are typed that the rows of a tab have to have. */
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
  /** What is looked through for the words. */
  readonly wordsOf: (item: Item) => readonly string[];
  /** So many are drawn at first, and with every wish for more. */
  readonly step: number;
  /** Said where there are none at all. */
  readonly none: string;
  readonly children: (shown: readonly Item[]) => ReactNode;
}

/** The items that have the words of the filter, the first of them until more are wished for. */
export function FilteredList<Item>({ items, filter, wordsOf, step, none, children }: FilteredListProps<Item>) {
  const [count, setCount] = useState(step);
  const wanted = filter.trim().toLowerCase();
  const found = items.filter((item) => wordsOf(item).some((words) => words.toLowerCase().includes(wanted)));
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
