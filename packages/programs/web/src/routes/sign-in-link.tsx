import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { Link } from './link.tsx';
import { currentPath, usePlace, useSearch } from './location.ts';
import { signInAddress } from './return-url.ts';

/** A link to the sign-in page that returns to the current page. */
export function SignInLink({ children = texts.shell.signIn }: { readonly children?: ReactNode }) {
  usePlace();
  const search = useSearch().toString();
  return <Link to={signInAddress(`${currentPath()}${search === '' ? '' : `?${search}`}`)}>{children}</Link>;
}
