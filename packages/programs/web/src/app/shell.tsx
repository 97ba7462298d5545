import {
  Activity,
  BookText,
  CircleAlert,
  House,
  ListChecks,
  Network,
  Search,
  Settings,
  Siren,
  Stethoscope,
} from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Skeleton } from '../regions/loaded.tsx';
import { Boundary } from '../regions/region.tsx';
import { SilentGateways } from '../regions/silent-gateways.tsx';
import { Link } from '../routes/link.tsx';
import { usePlace } from '../routes/location.ts';
import { addressOf, type PageName } from '../routes/pages.ts';
import { SearchDialog } from '../search/search-dialog.tsx';
import { texts } from '../texts/texts.ts';
import { ClockSkew } from './clock-skew.tsx';
import { HeldLocks } from './held-locks.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { LiveChip } from './live-chip.tsx';
import { PAGE_VIEWS } from './pages.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { useShortcuts } from './shortcuts.ts';
import './shell.css';
import { AccountBar } from './account-bar.tsx';

const ENTRIES = [
  ['home', House],
  ['incidents', Siren],
  ['faults', CircleAlert],
  ['plot', Activity],
  ['logs', BookText],
  ['audit', ListChecks],
  ['peers', Network],
  ['doctor', Stethoscope],
  ['settings', Settings],
] as const;

/** The navigation entry to highlight on pages that have none themselves. */
const ENTRY_OF: Partial<Readonly<Record<PageName, PageName>>> = { incident: 'incidents', fault: 'faults' };

/** The frame around every page: navigation, search, connection state and account. */
export function Shell() {
  const place = usePlace();
  const { isFinding, finish, isSheetOpen, closeSheet, find } = useShortcuts();
  const health = useRoute('getHealth', {});
  const robot = robotName(health.data);
  const entry = place && (ENTRY_OF[place.page] ?? place.page);
  useEffect(() => {
    document.title = robot === '' ? 'medkit' : `medkit · ${robot}`;
  }, [robot]);
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
      <nav className="shell-nav" aria-label={texts.shell.pages}>
        {ENTRIES.map(([page, Icon]) => (
          <Link key={page} to={addressOf(page, {})} {...(entry === page && { 'aria-current': 'page' })}>
            <Icon size={18} aria-hidden="true" />
            <span>{texts.shell[page]}</span>
          </Link>
        ))}
      </nav>
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
      <h1>{texts.shell.noPage}</h1>
      <p>{texts.shell.noPageHelp}</p>
      <p>
        <Link to="/">{texts.shell.home}</Link>
      </p>
    </div>
  );
}
