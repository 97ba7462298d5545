import { Activity, BookText, Bot, CircleAlert, House, Layers, type LucideIcon, Menu, Siren } from 'lucide-react';
import { type ToggleEvent, useRef } from 'react';
import { useOpenIncidents } from '../incidents/use-open-incidents.ts';
import { IS_HUB } from '../routes/base-path.ts';
import { Link } from '../routes/link.tsx';
import { addressOf, type Place } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import './navigation.css';

/** Pages of the bar: what people open during an incident. */
const ROBOT_ENTRIES = {
  home: House,
  incidents: Siren,
  faults: CircleAlert,
  logs: BookText,
  plot: Activity,
} as const satisfies Record<string, LucideIcon>;
/** Pages of the bar of a hub. Its robots have the others. */
const HUB_ENTRIES = {
  fleet: Bot,
  incidents: Siren,
  issues: Layers,
  faults: CircleAlert,
  logs: BookText,
} as const satisfies Record<string, LucideIcon>;
const ENTRIES: Readonly<Partial<Record<EntryPage, LucideIcon>>> = IS_HUB ? HUB_ENTRIES : ROBOT_ENTRIES;

/** Pages of the menu by group. The plot is in both, because the bar of a phone has no space for it. */
const ROBOT_GROUPS = {
  robot: ['plot', 'graph', 'recordings'],
  rules: ['triggers', 'notifications'],
  work: ['alarms', 'scripts', 'updates', 'locks', 'executions'],
  gateway: ['fleet', 'peers', 'doctor', 'audit', 'users', 'gateway-settings', 'settings'],
} as const;
/** Pages about the robots of a hub. */
const HUB_PAGES = ['campaigns', 'queue', 'evidence'] as const;
type Group = keyof typeof ROBOT_GROUPS;
const GROUPS: Readonly<Partial<Record<Group, readonly EntryPage[]>>> = IS_HUB
  ? { robot: HUB_PAGES, rules: ['notifications'], gateway: ROBOT_GROUPS.gateway }
  : ROBOT_GROUPS;

type EntryPage =
  | keyof typeof HUB_ENTRIES
  | keyof typeof ROBOT_ENTRIES
  | (typeof ROBOT_GROUPS)[Group][number]
  | (typeof HUB_PAGES)[number];

/** Returns the entry to highlight on a page. Pages without an entry belong to another page, or to none. */
function entryOf(place: Place | undefined): string | undefined {
  if (place?.page === 'incident') return 'incidents';
  if (place?.page === 'issue') return 'issues';
  if (place?.page === 'campaign') return 'campaigns';
  if (place?.page === 'script') return 'scripts';
  if (place?.page === 'update') return 'updates';
  if (place?.page === 'trigger' || place?.page === 'triggers.new') return 'triggers';
  if (place?.page === 'graph.entity') return 'graph';
  if (place?.page === 'fleet.robot' || (IS_HUB && place?.page === 'home')) return 'fleet';
  return place?.page === 'fault' ? 'faults' : place?.page;
}

/** The navigation bar: five pages, and a menu with the others. */
export function Navigation({ place }: { readonly place: Place | undefined }) {
  const entry = entryOf(place);
  const open = useOpenIncidents().data?.items.length ?? 0;
  const entryProps = (page: EntryPage) => ({
    to: addressOf(page, {}),
    ...(entry === page && { 'aria-current': 'page' as const }),
  });
  const isInMenu = Object.values(GROUPS).some((pages) => (pages as readonly string[]).includes(entry ?? ''));
  return (
    <nav className="shell-nav" aria-label={texts.shell.pages}>
      {Object.entries(ENTRIES).map(([page, Icon]) => (
        <Link key={page} className={`shell-entry shell-entry-${page}`} {...entryProps(page as EntryPage)}>
          <Icon size={18} aria-hidden="true" />
          <span>{texts.shell[page as EntryPage]}</span>
          {page === 'incidents' && open > 0 && (
            <span className="shell-count">
              {open}
              <span className="visually-hidden"> {texts.incidents.states.open}</span>
            </span>
          )}
        </Link>
      ))}
      <PageMenu isCurrent={isInMenu && !(entry && Object.hasOwn(ENTRIES, entry))} entryProps={entryProps} />
    </nav>
  );
}

interface PageMenuProps {
  /** True if the current page is in the menu only. */
  readonly isCurrent: boolean;
  readonly entryProps: (page: EntryPage) => { readonly to: string; readonly 'aria-current'?: 'page' };
}

function PageMenu({ isCurrent, entryProps }: PageMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const place = (event: ToggleEvent<HTMLDivElement>): void => {
    const box = button.current?.getBoundingClientRect();
    if (event.newState !== 'open' || !box || !menu.current) return;
    // On a phone the style sheet places the menu above the bar.
    menu.current.style.setProperty('--menu-top', `${box.bottom + 4}px`);
    menu.current.style.setProperty('--menu-left', `${box.left}px`);
  };
  return (
    <>
      <button
        type="button"
        ref={button}
        className={`shell-entry ${isCurrent ? 'shell-entry-current' : ''}`}
        popoverTarget="page-menu"
        aria-haspopup="true"
      >
        <Menu size={18} aria-hidden="true" />
        <span>{texts.shell.more}</span>
      </button>
      <div ref={menu} id="page-menu" popover="auto" className="page-menu" onBeforeToggle={place}>
        {Object.entries(GROUPS).map(([group, pages]) => (
          <section key={group} aria-label={texts.shell.groups[group as Group]}>
            <h2>{texts.shell.groups[group as Group]}</h2>
            <ul>
              {pages.map((page) => (
                <li key={page}>
                  <Link {...entryProps(page)} onClick={() => menu.current?.hidePopover()}>
                    {texts.shell[page]}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
