import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { Failure } from '../regions/failure.tsx';
import { Link } from '../routes/link.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import './search.css';
import { rememberSearchHit } from './recent-searches.ts';
import type { SearchHit } from './search-results.ts';
import { useSearchResults } from './use-search-results.ts';

const LIMIT = 20;

/** Searches by name while the user types: arrow keys select, Enter opens. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const t = texts.find;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  /** The option that the pointer is pressed on: results that arrive until it is released may replace the option. */
  const pressed = useRef<SearchHit>(undefined);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  /** Enter was pressed before the results arrived: opens the first result as soon as it is available. */
  const [isHasty, setHasty] = useState(false);
  const { q, groups, items, about, error, isSearching } = useSearchResults(text, LIMIT);
  const chosen = Math.min(at, items.length - 1);

  // An opened dialog focuses its first button by default.
  useEffect(() => input.current?.focus(), []);

  const go = (item: SearchHit | undefined): void => {
    if (item?.address === undefined) return;
    rememberSearchHit(item);
    onClose();
    goTo(item.address);
  };
  if (isHasty && !isSearching) {
    setHasty(false);
    queueMicrotask(() => go(items[chosen]));
  }
  const choose = (next: number): void => {
    setAt(next);
    requestAnimationFrame(() =>
      list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }),
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { length } = items;
    if (event.key === 'ArrowDown' && length > 0) choose((chosen + 1) % length);
    else if (event.key === 'ArrowUp' && length > 0) choose((chosen - 1 + length) % length);
    else if (event.key === 'Enter') {
      if (isSearching) setHasty(true);
      else go(items[chosen]);
    } else return;
    event.preventDefault();
  };
  const release = (event: MouseEvent): void => {
    const item = pressed.current;
    pressed.current = undefined;
    if (item === undefined) return;
    event.preventDefault();
    go(item);
  };
  return (
    <Dialog title={texts.shell.find} onClose={onClose} className="find-dialog">
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={t.label}
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        className="find-words"
        placeholder={t.hint}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setHasty(false);
        }}
      />
      {error && <Failure error={error} />}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t.label}
        aria-busy={isSearching}
        className="find-list"
        onMouseUp={release}
        onMouseLeave={() => {
          pressed.current = undefined;
        }}
      >
        <HitGroups
          id={id}
          groups={groups}
          chosen={chosen}
          onPoint={setAt}
          onPress={(item) => {
            pressed.current = item;
          }}
          onOpen={go}
        />
      </div>
      <div className="spread soft" role="status">
        <span>
          {q === '' ? t.begin : !isSearching && (items.length === 0 ? t.nothing(q) : t.results(items.length))}
        </span>
        {q !== '' && (
          <Link to={addressOf('find', {}, { q })} onClick={onClose}>
            {t.showAll}
          </Link>
        )}
      </div>
      {about?.partial && (
        <p className="soft" title={about.missing?.join('\n')}>
          {t.missing}: {about.missing?.[0]}
        </p>
      )}
    </Dialog>
  );
}

interface HitGroupsProps {
  /** Prefix of the ids of options. */
  readonly id: string;
  readonly groups: ReturnType<typeof useSearchResults>['groups'];
  readonly chosen: number;
  readonly onPoint: (index: number) => void;
  readonly onPress: (item: SearchHit) => void;
  readonly onOpen: (item: SearchHit) => void;
}

/** The results by group. Options are numbered over all groups. */
function HitGroups({ id, groups, chosen, onPoint, onPress, onOpen }: HitGroupsProps) {
  const t = texts.find;
  let place = -1;
  return (
    <>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: `role="group"` is how options of a listbox are grouped.
        <div key={group.kind} role="group" aria-label={t.groups[group.kind]}>
          <div className="find-group soft" aria-hidden="true">
            {t.groups[group.kind]}
          </div>
          {group.items.map((item) => {
            place += 1;
            const index = place;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input, which names the chosen one.
              <div
                key={`${item.kind} ${item.address} ${item.name}`}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                aria-disabled={item.address === undefined}
                className="find-option"
                onMouseMove={() => index !== chosen && onPoint(index)}
                onMouseDown={(event) => {
                  if (event.button === 0) onPress(item);
                }}
                // Assistive technology clicks without pointer events.
                onClick={(event) => event.detail === 0 && onOpen(item)}
              >
                <span className="find-name">{item.name}</span>
                <span className="soft find-detail">{item.address === undefined ? t.noPage : item.detail}</span>
              </div>
            );
          })}
        </div>
      ))}
    </>
  );
}
