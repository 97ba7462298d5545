import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { tabTitle, usePageTitle } from '../heading/page-title.ts';
import { useOpenIncidents } from '../incidents/use-open-incidents.ts';
import { Skeleton } from '../regions/loaded.tsx';
import { Boundary } from '../regions/region.tsx';
import { SilentGateways } from '../regions/silent-gateways.tsx';
import { HUB_ROBOT } from '../routes/base-path.ts';
import { Link } from '../routes/link.tsx';
import { usePlace } from '../routes/location.ts';
import { SearchDialog } from '../search/search-dialog.tsx';
import { texts } from '../texts/texts.ts';
import { ClockSkew } from './clock-skew.tsx';
import { HeldLocks } from './held-locks.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { LiveChip } from './live-chip.tsx';
import { Navigation } from './navigation.tsx';
import { PAGE_VIEWS } from './pages.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { useShortcuts } from './shortcuts.ts';
import './shell.css';
import { AccountBar } from './account-bar.tsx';

const RobotStripe = lazy(() =>
  import('../fleet/robot-stripe.tsx').then(({ RobotStripe }) => ({ default: RobotStripe })),
);

/** The frame around every page: navigation, search, connection state and account. */
export function Shell() {
  const place = usePlace();
  const { isFinding, finish, isSheetOpen, closeSheet, find } = useShortcuts();
  const health = useRoute('getHealth', {});
  const robot = robotName(health.data);
  const title = tabTitle(useOpenIncidents().data?.items.length ?? 0, usePageTitle(), robot);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const View = place && PAGE_VIEWS[place.page];
  return (
    <>
      <a
        className="skip"
        href={`${location.pathname}#content`}
        onClick={(event) => {
          // Following the `#content` link would drop the query string of the page.
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {texts.shell.skip}
      </a>
      <header className="shell-head">
        <Link to="/" className="shell-brand">
          med<b>kit</b>
        </Link>
        <span className="shell-robot">{robot}</span>
        <button type="button" className="button shell-find" onClick={find}>
          <Search size={16} aria-hidden="true" />
          <span>{texts.shell.find}</span>
          <kbd className="soft">{texts.shell.findKey}</kbd>
        </button>
        <HeldLocks />
        <LiveChip />
        <AccountBar />
      </header>
      <Navigation place={place} />
      {HUB_ROBOT !== undefined && (
        <Suspense fallback={null}>
          <RobotStripe robot={HUB_ROBOT} />
        </Suspense>
      )}
      <ClockSkew />
      <main id="content" tabIndex={-1} className="shell-main">
        <SilentGateways />
        <Boundary key={place ? JSON.stringify(place) : 'nowhere'}>
          <Suspense fallback={<Skeleton height={400} />}>{View ? <View {...place.parameters} /> : <NoPage />}</Suspense>
        </Boundary>
      </main>
      <LeaveDialog />
      {isFinding && <SearchDialog onClose={finish} />}
      {isSheetOpen && <ShortcutSheet onClose={closeSheet} />}
    </>
  );
}

/** Returns the robot name from the manifest, or an empty string if the manifest has none. */
function robotName(health: unknown): string {
  const { name } = Object(Object(Object(health)['x-medkit-manifest']).metadata);
  return typeof name === 'string' ? name : '';
}

function NoPage() {
  return (
    <div className="stack">
      <Heading>{texts.shell.noPage}</Heading>
      <p>{texts.shell.noPageHelp}</p>
      <p>
        <Link to="/">{texts.shell.home}</Link>
      </p>
    </div>
  );
}
