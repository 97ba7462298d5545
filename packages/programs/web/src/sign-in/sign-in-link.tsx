import type { ReactNode } from 'react';
import { Link } from '../routes/link.tsx';
import { usePlace, useSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';
import { signInAddress } from './next-place.ts';

/** Leads to where one signs in, and from there back to where one is now. */
export function SignInLink({ children = texts.shell.signIn }: { readonly children?: ReactNode }) {
  usePlace();
  const search = useSearch().toString();
  return <Link to={signInAddress(`${location.pathname}${search === '' ? '' : `?${search}`}`)}>{children}</Link>;
}
