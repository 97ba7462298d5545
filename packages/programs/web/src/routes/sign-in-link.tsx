import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { ACCOUNT_PATH, HUB_ROBOT } from './base-path.ts';
import { Link } from './link.tsx';
import { currentPath, usePlace, useSearch } from './location.ts';
import { addressOf } from './pages.ts';
import { signInAddress } from './return-url.ts';

/** A link to the sign-in page that returns to the current page; from a robot of a hub, to the hub's page of it. */
export function SignInLink({ children = texts.shell.signIn }: { readonly children?: ReactNode }) {
  usePlace();
  const search = useSearch().toString();
  if (HUB_ROBOT !== undefined) {
    const back = signInAddress(addressOf('fleet.robot', { robot: HUB_ROBOT }));
    return <a href={ACCOUNT_PATH + back}>{children}</a>;
  }
  return <Link to={signInAddress(`${currentPath()}${search === '' ? '' : `?${search}`}`)}>{children}</Link>;
}
