import { useState } from 'react';
import { reloadIfOnline } from '../gateway/new-pages.ts';
import { Heading } from '../heading/heading.tsx';
import { texts } from '../texts/texts.ts';

/** Shown instead of a page whose script failed to load. Browsers cache such a failure, so only a full reload helps. */
export function PageNotLoaded() {
  const [isAway, setIsAway] = useState(false);
  return (
    <div role="alert" className="stack">
      <Heading>{texts.live.notLoaded}</Heading>
      <p>{isAway ? texts.region.offline : texts.live.notLoadedHelp}</p>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={() => void reloadIfOnline().then((isThere) => setIsAway(!isThere))}
        >
          {texts.region.again}
        </button>
      </div>
    </div>
  );
}
