import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import './search.css';
import { rememberSearchHit } from './recent-searches.ts';
import { useSearchResults } from './use-search-results.ts';

const LIMIT = 100;

/** All results for the search words in the URL. */
export function SearchPage(_: ParametersOf<'find'>) {
  const t = texts.find;
  const text = useSearch().get('q') ?? '';
  const { q, groups, items, about, error, isSearching } = useSearchResults(text, LIMIT);
  return (
    <div className="stack find-page">
      <Heading>{texts.shell.find}</Heading>
      <search className="row">
        <input
          type="search"
          className="find-words"
          aria-label={t.label}
          placeholder={t.hint}
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => changeSearch({ q: event.target.value })}
        />
      </search>
      {error && <Failure error={error} />}
      <p className="soft" role="status">
        {q === '' && t.begin}
        {q !== '' && !isSearching && (items.length === 0 ? t.nothing(q) : t.results(items.length))}
        {about && about.total > LIMIT && ` (${t.ofAll(LIMIT, about.total)})`}
      </p>
      {about?.partial && (
        <details className="partial">
          <summary>{t.missing}</summary>
          <ul>
            {about.missing?.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
      {isSearching && items.length === 0 && <Skeleton height={240} />}
      {groups.map(({ kind, items: members }) => (
        <Region key={kind} title={t.groups[kind]} aside={<span className="soft number">{members.length}</span>}>
          <ul className="find-results">
            {members.map((item) => (
              <li key={`${item.address} ${item.name}`} className="find-result">
                {item.address === undefined ? (
                  <span>{item.name}</span>
                ) : (
                  <Link to={item.address} onClick={() => rememberSearchHit(item)}>
                    {item.name}
                  </Link>
                )}
                <span className="soft find-detail">{item.address === undefined ? t.noPage : item.detail}</span>
              </li>
            ))}
          </ul>
        </Region>
      ))}
    </div>
  );
}
